"""Invoices per kind of client and case of VAT, credit notes, deposits."""

from __future__ import annotations

from datetime import datetime

from billing.invoicing.actions.issue_credit_note import issue_credit_note
from billing.invoicing.actions.render_documents import invoice_pdf, invoice_xml
from billing.models import Invoice, Order
from billing.money.policy.address import Address
from billing.money.policy.days import paris_day
from billing.orders.actions.issue_invoice import issue_down_payment, issue_invoice
from demo.samples.orders import Wanted, customer_named, order_of
from demo.samples.registry import SampleDocument, sample

SCHOOL = (Wanted("preau-ecole", 218), Wanted("formation-jour", 1))
CARDS = Wanted("cartes", 3, 1490, "Jeu de 200 cartes illustrées", "goods")


def paper(invoice: Invoice) -> SampleDocument:
    """Return the files of an issued document."""
    return SampleDocument(invoice_pdf(invoice), invoice_xml(invoice))


def invoiced(order: Order, now: datetime) -> Invoice:
    """Return the invoice of an order."""
    return issue_invoice(order=order, by=None, now=now, today=paris_day(now))


@sample("facture-professionnel")
def professional(now: datetime) -> SampleDocument:
    """Return a business's invoice, 20 %, by transfer."""
    return paper(invoiced(order_of(customer_named("professional"), *SCHOOL, now=now), now))


@sample("facture-professionnel-cheque-remise-livraison")
def discount(now: datetime) -> SampleDocument:
    """Return an invoice of goods and services with a discount, a fee and another address of delivery."""
    lines = (
        *SCHOOL,
        CARDS,
        Wanted("", 1, -5000, "Remise de rentrée"),
        Wanted("", 1, 1500, "Frais de traitement du chèque"),
    )
    delivery = Address("École des Saules", "17 rue des Saules", "44100", "Nantes", "FR")
    order = order_of(customer_named("professional"), *lines, now=now, method="cheque", delivery=delivery)
    return paper(invoiced(order, now))


@sample("facture-collectivite-chorus-pro")
def public_body(now: datetime) -> SampleDocument:
    """Return a public body's invoice with its service and engagement."""
    order = order_of(customer_named("school"), *SCHOOL, now=now, purchase_order_reference="2026-ENG-004417")
    return paper(invoiced(order, now))


@sample("facture-consommateur")
def consumer(now: datetime) -> SampleDocument:
    """Return a family's invoice: no 40 EUR, the mediator."""
    return paper(
        invoiced(
            order_of(customer_named("family"), Wanted("preau-ecole", 2, 4900), now=now, method="card"), now
        )
    )


@sample("facture-consommateur-prelevement")
def consumer_by_debit(now: datetime) -> SampleDocument:
    """Return a family's invoice that is paid by SEPA direct debit."""
    order = order_of(customer_named("family"), Wanted("preau-ecole", 1, 4900), now=now, method="sepa_debit")
    return paper(invoiced(order, now))


@sample("facture-martinique-8-5")
def martinique(now: datetime) -> SampleDocument:
    """Return an invoice at the rate of Martinique."""
    return paper(invoiced(order_of(customer_named("martinique"), *SCHOOL, now=now), now))


@sample("facture-reunion-8-5")
def reunion(now: datetime) -> SampleDocument:
    """Return an invoice to Réunion by its own country code."""
    return paper(invoiced(order_of(customer_named("reunion"), *SCHOOL, now=now), now))


@sample("facture-guyane-hors-champ")
def guyane(now: datetime) -> SampleDocument:
    """Return an invoice to a place where no VAT applies."""
    return paper(invoiced(order_of(customer_named("guyane"), *SCHOOL, now=now), now))


@sample("facture-autoliquidation-belgique")
def reverse_charge(now: datetime) -> SampleDocument:
    """Return an invoice of services to a business of the Union."""
    return paper(invoiced(order_of(customer_named("belgium"), *SCHOOL, now=now), now))


@sample("facture-livraison-intracommunautaire")
def union_goods(now: datetime) -> SampleDocument:
    """Return an invoice of goods to a business of the Union."""
    return paper(invoiced(order_of(customer_named("belgium"), CARDS, now=now), now))


@sample("facture-consommateur-allemagne-19")
def german_family(now: datetime) -> SampleDocument:
    """Return a family's invoice at the VAT of its country, in English."""
    return paper(
        invoiced(
            order_of(customer_named("german_family"), Wanted("preau-ecole", 1), now=now, method="card"), now
        )
    )


@sample("facture-services-canada")
def services_abroad(now: datetime) -> SampleDocument:
    """Return an invoice of services outside of the Union, in dollars and in English."""
    return paper(invoiced(order_of(customer_named("canada"), *SCHOOL, now=now, currency="CAD"), now))


@sample("facture-export-canada")
def export(now: datetime) -> SampleDocument:
    """Return an invoice of goods that leave the Union."""
    return paper(invoiced(order_of(customer_named("canada"), CARDS, now=now), now))


@sample("facture-livraison-guadeloupe")
def delivered_overseas(now: datetime) -> SampleDocument:
    """Return an invoice of goods delivered in Guadeloupe beside services used on the mainland: two rates."""
    delivery = Address("École des Alizés", "3 rue des Flamboyants", "97110", "Pointe-à-Pitre", "FR")
    order = order_of(customer_named("professional"), *SCHOOL, CARDS, now=now, delivery=delivery)
    return paper(invoiced(order, now))


@sample("facture-livraison-export")
def delivered_abroad(now: datetime) -> SampleDocument:
    """Return an invoice of a French client whose goods leave the Union, its services taxed at home."""
    delivery = Address("École française de Genève", "5 rue du Lac", "1201", "Genève", "CH")
    order = order_of(customer_named("professional"), *SCHOOL, CARDS, now=now, delivery=delivery)
    return paper(invoiced(order, now))


@sample("facture-livraison-autre-etat-membre")
def delivered_in_another_state(now: datetime) -> SampleDocument:
    """Return an invoice of goods a Belgian business has delivered in Germany."""
    delivery = Address("Lager Nord", "Hafenstraße 9", "20457", "Hamburg", "DE")
    return paper(invoiced(order_of(customer_named("belgium"), CARDS, now=now, delivery=delivery), now))


@sample("facture-consommateur-livree-en-allemagne")
def family_delivery(now: datetime) -> SampleDocument:
    """Return a French family's goods delivered in Germany, at the VAT of Germany."""
    delivery = Address("Jonas Mühlbach", "Lindenweg 3", "10115", "Berlin", "DE")
    order = order_of(customer_named("family"), CARDS, now=now, method="card", delivery=delivery)
    return paper(invoiced(order, now))


@sample("facture-formation-exoneree")
def training(now: datetime) -> SampleDocument:
    """Return an invoice of exempt vocational training beside what bears VAT."""
    lines = (Wanted("formation-jour", 2, tax_key="training"), Wanted("preau-ecole", 30))
    return paper(invoiced(order_of(customer_named("professional"), *lines, now=now), now))


@sample("avoir-total")
def credit_note(now: datetime) -> SampleDocument:
    """Return the credit note of a whole invoice."""
    invoice = invoiced(order_of(customer_named("professional"), *SCHOOL, now=now), now)
    return paper(
        issue_credit_note(corrects=invoice, reason="Geste commercial", by=None, now=now, today=paris_day(now))
    )


@sample("avoir-partiel")
def part_credit_note(now: datetime) -> SampleDocument:
    """Return a credit note of part of one line."""
    invoice = invoiced(order_of(customer_named("school"), *SCHOOL, now=now), now)
    return paper(
        issue_credit_note(
            corrects=invoice,
            reason="Geste commercial",
            amounts={1: 4900},
            by=None,
            now=now,
            today=paris_day(now),
        )
    )


@sample("facture-acompte")
def deposit(now: datetime) -> SampleDocument:
    """Return a deposit of 30 %."""
    order = order_of(customer_named("professional"), *SCHOOL, now=now)
    made = issue_down_payment(order=order, pct=30, by=None, now=now, today=paris_day(now))
    assert made is not None
    return paper(made)


@sample("facture-definitive-apres-acompte")
def final(now: datetime) -> SampleDocument:
    """Return the invoice that deducts a deposit."""
    order = order_of(customer_named("professional"), *SCHOOL, now=now)
    issue_down_payment(order=order, pct=30, by=None, now=now, today=paris_day(now))
    return paper(invoiced(order, now))


@sample("avoir-acompte")
def deposit_credit(now: datetime) -> SampleDocument:
    """Return the credit note of a deposit."""
    order = order_of(customer_named("professional"), *SCHOOL, now=now)
    made = issue_down_payment(order=order, pct=30, by=None, now=now, today=paris_day(now))
    assert made is not None
    return paper(
        issue_credit_note(corrects=made, reason="Geste commercial", by=None, now=now, today=paris_day(now))
    )
