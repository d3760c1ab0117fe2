"""Goods and services apart: a discount, delivery and a down payment are of the nature of what they are on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from billing.accounting.queries.check import faults
from billing.accounting.queries.deferred import deferred_by_invoice
from billing.accounting.queries.vat_facts import dues_of, parts_of
from billing.catalogue.actions.price_lines import LineDraft
from billing.catalogue.models import Product
from billing.catalogue.policy.discount import Discount
from billing.invoicing.actions.credit_by_hand import credit_by_hand
from billing.invoicing.queries.credits import creditable
from billing.invoicing.queries.einvoice import electronic
from billing.models import Invoice
from billing.money.policy.days import paris_day
from billing.orders.actions.issue_invoice import final_invoice
from billing.payments.actions.record_transfer import record_transfer
from billing.returns.actions.withdraw import WithdrawalNotice, withdraw
from demo.factories.billing import invoice_of, order_signed
from tests.billing.returns.test_withdrawal import family, thing

pytestmark = pytest.mark.usefixtures("as_operator")


def training(cents):
    found, _made = Product.objects.get_or_create(
        key="formation",
        defaults={
            "name_fr": "Formation",
            "name_en": "Training",
            "kind": "service",
            "methods": ["transfer", "cheque"],
        },
    )
    return LineDraft(found.pk, "Formation", 1, cents)


def cards(count, cents):
    return LineDraft(thing("carte", stock=500).pk, "carte", count, cents)


def sold(now, *lines, contact=None, **chosen):
    return order_signed(contact, now=now, method="transfer", lines=list(lines), sites=[], **chosen)


def nets(invoice):
    found = {}
    for part, each in parts_of(invoice).items():
        found[part.nature] = found.get(part.nature, 0) + each.base_cents
    return found


def test_a_discount_is_shared_by_what_it_is_on(now):
    order = sold(now, cards(100, 1000), training(1000), discount=Discount(pct=Decimal(50)))
    invoice = invoice_of(order)
    assert nets(invoice) == {"goods": 50_000, "services": 500}
    asked = {due.part.nature: due.vat_cents for due in dues_of(invoice)}
    assert asked == {"services": 100}  # on debits; goods fall due when they leave
    assert sum(each.vat_cents for each in parts_of(invoice).values()) == invoice.vat_cents


def test_delivery_is_of_the_things_it_delivers(now):
    order = sold(now, cards(1, 1000), training(9000), shipping_cents=600)
    assert nets(invoice_of(order)) == {"goods": 1600, "services": 9000}


@pytest.mark.parametrize("first", ["goods", "services"])
def test_a_down_payment_is_of_the_natures_of_what_is_ordered(now, first):
    lines = (
        [cards(1, 1000), training(1_000_000)] if first == "goods" else [training(1000), cards(100, 10_000)]
    )
    order = sold(now, *lines, down_payment_pct=30)
    deposit = Invoice.objects.get(order=order, is_down_payment=True)
    small, large = (300, 300_000)
    other = "services" if first == "goods" else "goods"
    assert nets(deposit) == {first: small, other: large}


def test_goods_with_a_discount_are_told_as_goods(now):
    order = sold(now, cards(10, 1000), discount=Discount(pct=Decimal(10)), shipping_cents=590)
    invoice = invoice_of(order)
    told = electronic(invoice, list(invoice.lines.all()))
    assert told.business_process.startswith("B")


def test_the_discount_on_a_day_of_training_is_no_revenue_to_come(now):
    order = order_signed(
        now=now, method="transfer", lines=[training(136_000)], discount=Discount(pct=Decimal(10))
    )
    invoice = invoice_of(order)
    assert deferred_by_invoice(date(2026, 11, 30)).get(invoice.pk, {}) == {}


def due_in_all(invoices):
    """Return the VAT that fell due over all that happened to these invoices, by nature."""
    found = {}
    for invoice in invoices:
        for due in dues_of(invoice):
            found[due.part.nature] = found.get(due.part.nature, 0) + due.vat_cents
    return {nature: cents for nature, cents in found.items() if cents}


def paid(invoice, now):
    day = paris_day(now)
    money = {"amount_cents": invoice.gross_cents, "received_on": day, "credited_on": day}
    record_transfer(invoice=invoice, reference="VIR", by=None, now=now, today=day, **money)


def test_goods_of_a_deposit_fall_due_as_it_is_paid_whatever_comes_first(now):
    order = sold(now, training(10_000), cards(10, 1000), down_payment_pct=30)
    deposit = Invoice.objects.get(order=order, is_down_payment=True)
    assert due_in_all([deposit]) == {"services": 600}
    paid(deposit, now)
    assert due_in_all([deposit]) == {"services": 600, "goods": 600}
    assert list(faults()) == []


def test_a_withdrawal_takes_its_own_part_of_a_discount_back(now):
    order = sold(
        now,
        cards(10, 1000),
        training(30_000),
        discount=Discount(pct=Decimal(50)),
        contact=family(),
        shipping_cents=600,
    )
    invoice = invoice_of(order)
    paid(invoice, now)
    card = order.lines.get(product__kind="goods").position
    notice = WithdrawalNotice({card: 10}, "button", paris_day(now))
    withdraw(order_id=order.pk, notice=notice, by=None, now=now, today=paris_day(now))
    assert due_in_all([invoice]) == {"services": 3000}
    assert deferred_by_invoice(date(2026, 11, 30)).get(invoice.pk, {}) == {}
    assert list(faults()) == []


def asked_in_two(now, **chosen):
    """Return the paid deposit and the invoice of the rest of an order of things and of a service."""
    order = sold(now, cards(3, 3656), training(4485), **chosen)
    deposit = Invoice.objects.get(order=order, is_down_payment=True)
    paid(deposit, now)
    return deposit, final_invoice(order=order, by=None, now=now, today=paris_day(now))


def test_credited_in_two_goes_with_discount_and_delivery_nothing_is_left_of_either_nature(now):
    chosen = {"discount": Discount(pct=Decimal(10)), "shipping_cents": 690, "down_payment_pct": 40}
    deposit, rest = asked_in_two(now, **chosen)
    told = {"reason": "Erreur", "credited_from": None, "by": None, "now": now, "today": paris_day(now)}
    some = {line.position: left // 2 for line, left in creditable(rest)}
    credit_by_hand(corrects=rest, what=some, **told)
    credit_by_hand(corrects=rest, what="order", **told)
    left = {}
    for invoice in (deposit, rest):
        for sign, document in [(1, invoice), *((-1, note) for note in invoice.corrections.all())]:
            for nature, cents in nets(document).items():
                left[nature] = left.get(nature, 0) + sign * cents
    assert all(abs(cents) <= 2 for cents in left.values())  # rounded once in each document
    assert sum(left.values()) == 0
    assert sum(due_in_all([deposit, rest]).values()) == 0


@pytest.mark.parametrize("pct", [30, 50])
def test_credited_line_by_line_nothing_is_left_to_come(now, pct):
    asked = asked_in_two(now, down_payment_pct=pct)
    rest = asked[1]
    told = {"reason": "Erreur", "credited_from": None, "by": None, "now": now, "today": paris_day(now)}
    for line, left in creditable(rest):
        for cents in (left // 3, left - left // 3):
            credit_by_hand(corrects=rest, what={line.position: cents}, **told)
    assert sum(each.net_cents for each in asked) == sum(
        note.net_cents for each in asked for note in each.corrections.all()
    )
    assert all(abs(cents) <= 1 for cents in due_in_all(asked).values())  # a cent of rounding
    assert sum(due_in_all(asked).values()) == 0
    assert [deferred_by_invoice(date(2026, 11, 30)).get(each.pk, {}) for each in asked] == [{}, {}]
