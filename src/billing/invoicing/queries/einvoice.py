"""An issued document, read as an electronic invoice.

The same values in other words, nothing computed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from billing.catalogue.models.lines import LineKind
from billing.invoicing.models import Invoice, InvoiceLine
from billing.invoicing.policy.einvoice import (
    DIRECTORY_SCHEME,
    MEANS,
    Allowance,
    BankAccount,
    ElectronicInvoice,
    Item,
    Party,
    Tax,
    business_process_of,
    endpoint,
    treatment,
    type_code,
    unit_code,
    vat_falls_due,
)
from billing.invoicing.queries.credits import down_payments_of_order
from billing.invoicing.queries.natures import natures_of, nets_by_nature, row_key
from billing.money.policy.address import Address, address_kept
from billing.money.policy.tax import GOODS, REASONS, STANDARD, UNION_SUPPLY
from contracts.labels import day_text

SUBJECTS = {
    "flat_fee": "PMT",
    "late_professional": "PMD",
    "late_public_body": "PMD",
    "late_consumer": "PMD",
    "no_discount": "AAB",
    "seller": "REG",
}


def electronic(invoice: Invoice, lines: Sequence[InvoiceLine]) -> ElectronicInvoice:
    """Return an invoice or a credit note, sealed but perhaps not saved yet, as EN 16931 reads it."""
    buyer = invoice.buyer
    before = documents_before(invoice, lines)
    natures = sorted(natures_of(invoice, lines))
    with override(invoice.language):
        return ElectronicInvoice(
            number=invoice.number,
            type_code=_type(invoice),
            business_process=business_process_of(
                natures,
                after_deposit=bool(before) and not invoice.is_credit_note,
                is_paid=invoice.prepaid_on is not None,
            ),
            issued_on=invoice.issued_on,
            currency=invoice.currency,
            seller=_seller(invoice.seller),
            buyer=_buyer(invoice),
            items=tuple(_item(line) for line in lines if not _is_discount(line)),
            allowances=tuple(_allowance(line) for line in lines if _is_discount(line)),
            taxes=_due_alike([_tax(row, invoice, lines) for row in invoice.vat_rows]),
            net_cents=invoice.net_cents,
            vat_cents=invoice.vat_cents,
            gross_cents=invoice.gross_cents,
            notes=_notes(invoice, natures),
            due_on=None if invoice.is_credit_note else invoice.prepaid_on or invoice.due_on,
            supplied_on=None if invoice.is_down_payment else invoice.supplied_on,
            terms=_terms(invoice),
            **_means(invoice),
            service_code=buyer.get("service_code", ""),
            purchase_order_reference=buyer.get("engagement", ""),
            contract_reference=buyer.get("market", ""),
            delivery=_delivery(invoice),
            preceding=tuple((each.number, each.issued_on) for each in before),
            vat_eur_cents=None if invoice.currency == "EUR" else 0,
            prepaid_cents=invoice.prepaid_cents,
        )


def _terms(invoice: Invoice) -> str:
    if invoice.is_credit_note:
        return _("Taken off invoice %(number)s.") % {"number": invoice.reference}
    if invoice.prepaid_on:
        return _("Paid on %(day)s.") % {"day": day_text(invoice.prepaid_on)}
    return ""


def documents_before(invoice: Invoice, lines: Sequence[InvoiceLine]) -> list[Invoice]:
    """Return the documents that came before.

    What a credit note takes back, the down payments that lines of a final invoice deduct: one that was wholly
    credited is not deducted, and not named.
    """
    if invoice.corrects:
        return [invoice.corrects]
    deducting = [line for line in lines if line.kind == LineKind.DEPOSIT and line.unit_net_cents < 0]
    if not deducting or invoice.is_down_payment:
        return []
    if told := [line.deducts_id for line in deducting if line.deducts_id]:
        rows = Invoice.objects.filter(lines__in=told).distinct()
        return list(rows.order_by("issued_on", "number"))
    return down_payments_of_order(invoice)  # issued before lines named what they deduct


def is_for_french_platforms(document: ElectronicInvoice) -> bool:
    """Return whether the French rules judge it.

    Not what bears another country's VAT, which no platform here takes.
    """
    abroad = dict(document.notes)["BAR"].endswith("INT")
    return not (abroad and any(tax.vat_cents for tax in document.taxes))


def _type(invoice: Invoice) -> str:
    if invoice.corrects and invoice.corrects.is_down_payment:
        return type_code("credit_note", corrects_deposit=True)
    return type_code("deposit" if invoice.is_down_payment else invoice.kind)


def _seller(seller: dict[str, Any]) -> Party:
    same = ("name", "street", "postcode", "city", "country", "siren", "siret", "vat_number", "phone", "email")
    return Party(
        **{name: seller[name] for name in same},
        endpoint=seller["siren"],
        endpoint_scheme=DIRECTORY_SCHEME,
        contact=_("Invoicing department"),
    )


def _buyer(invoice: Invoice) -> Party:
    buyer = invoice.buyer
    same = ("name", "street", "postcode", "city", "country", "vat_number")
    numbers = {"siren": "", "siret": ""} if invoice.customer_type == "consumer" else _numbers(buyer)
    address, scheme = endpoint(
        customer_type=invoice.customer_type,
        country=buyer["country"],
        service_code=buyer.get("service_code", ""),
        email=buyer.get("email", ""),
        **numbers,
    )
    return Party(
        **{name: buyer.get(name) or "" for name in same}, **numbers, endpoint=address, endpoint_scheme=scheme
    )


def _numbers(buyer: dict[str, Any]) -> dict[str, str]:
    return {"siren": buyer.get("siren") or "", "siret": buyer.get("siret") or ""}


def _is_discount(line: InvoiceLine) -> bool:
    return line.kind == LineKind.DISCOUNT and line.unit_net_cents < 0


def _rate(rate: Decimal | str | None) -> Decimal:
    return Decimal(rate or 0)


def _item(line: InvoiceLine) -> Item:
    taken_back = line.unit_net_cents < 0
    return Item(
        position=line.position,
        name=line.description,
        quantity=-line.quantity if taken_back else line.quantity,
        price=_net_price(line),
        net_cents=line.net_cents,
        unit=unit_code(line.product.unit("en") if line.product else ""),
        category=line.tax_category,
        rate_pct=_rate(line.vat_rate),
        reference=line.product.key if line.product else "",
        note=line.site,
        starts_on=line.starts_on,
        last_day=line.last_day,
    )


def _net_price(line: InvoiceLine) -> Decimal:
    """Return what one costs without VAT, in currency: with four decimals where its price is one with VAT."""
    if line.unit_gross_cents is None:
        return Decimal(abs(line.unit_net_cents)) / 100
    return (Decimal(abs(line.net_cents)) / line.quantity / 100).quantize(Decimal("0.0001"))


def _allowance(line: InvoiceLine) -> Allowance:
    return Allowance(-line.net_cents, line.description, line.tax_category, _rate(line.vat_rate))


def _due_alike(taxes: Sequence[Tax]) -> tuple[Tax, ...]:
    """Return the rows of VAT with the one moment it falls due (BT-8), none where goods and services differ.

    A document has one such moment, said again with each row.
    """
    if len({tax.falls_due for tax in taxes if tax.falls_due}) > 1:
        return tuple(replace(tax, falls_due="") for tax in taxes)
    return tuple(taxes)


def _tax(row: dict[str, Any], invoice: Invoice, lines: Sequence[InvoiceLine]) -> Tax:
    category = row.get("category") or STANDARD
    reason = row.get("reason") or ""
    words = next((mention["text"] for mention in invoice.mentions if mention["key"] == reason), "")
    nets = nets_by_nature(invoice, lines, row_key(row))
    nature = "goods" if {name for name, cents in nets.items() if cents} == {"goods"} else "services"
    known = REASONS.get(reason)
    on_debits = bool(invoice.seller.get("vat_on_debits"))
    return Tax(
        category,
        _rate(row["rate"]),
        row["net_cents"],
        row["vat_cents"],
        words,
        known.reason_code if known else "",
        vat_falls_due(category, on_debits=on_debits, nature=nature, is_down_payment=invoice.is_down_payment),
    )


def _notes(invoice: Invoice, natures: Sequence[str]) -> tuple[tuple[str, str], ...]:
    found = [(SUBJECTS.get(row["key"], "AAI"), row["text"]) for row in invoice.mentions]
    found += [("AAI", invoice.reason)] if invoice.reason else []
    known = {code for code, _text in found}
    none = (
        _("Not applicable: the client is a consumer.")
        if invoice.customer_type == "consumer"
        else _("Not applicable.")
    )
    wanted = {
        "PMT": none,
        "PMD": _("Not applicable."),
        "AAB": _("No discount for early payment."),
    }
    found += [(code, text) for code, text in wanted.items() if code not in known]
    return (("BAR", treatment(invoice.customer_type, country=_taxed_in(invoice, natures))), *found)


def _taxed_in(invoice: Invoice, natures: Sequence[str]) -> str:
    """Return the country whose administration a sale concerns.

    Of a consumer's goods the one they are delivered in.
    """
    goes_to = address_kept(invoice.buyer.get("delivery"))
    if invoice.customer_type == "consumer" and GOODS in natures and goes_to and goes_to.country:
        return goes_to.country
    return str(invoice.buyer["country"])


def _means(invoice: Invoice) -> dict[str, Any]:
    if invoice.is_credit_note or invoice.method not in MEANS:
        return {}
    words = {
        "transfer": _("Bank transfer"),
        "cheque": _("Cheque"),
        "card": _("Card"),
        "sepa_debit": _("SEPA direct debit"),
    }
    bank = invoice.seller["bank"]
    account = BankAccount(bank["holder"], bank["iban"], bank["bic"]) if invoice.method == "transfer" else None
    return {"means": MEANS[invoice.method], "means_text": words.get(invoice.method, ""), "account": account}


def _delivery(invoice: Invoice) -> Address | None:
    """Return where it is delivered, when that is told; a supply within the Union must tell it (BR-IC-12)."""
    buyer = invoice.buyer
    goes_to = address_kept(invoice.buyer.get("delivery"))
    if goes_to is not None:
        return replace(goes_to, country=goes_to.country or buyer["country"])
    if any(row.get("category") == UNION_SUPPLY for row in invoice.vat_rows):
        return Address("", "", "", "", buyer["country"])
    return None
