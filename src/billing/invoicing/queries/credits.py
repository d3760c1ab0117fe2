"""What earlier credit notes left of a document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from billing.catalogue.models.lines import LineKind, net_in_sql
from billing.catalogue.policy.methods import CHEQUE
from billing.invoicing.models import Allocation, Invoice, InvoiceLine
from billing.invoicing.policy.credit import (
    LineRemaining,
    Row,
    given_by_down_payments,
    net_of_discounts,
    remaining,
    still_to_credit,
)
from billing.money.policy.money import round_cents, split


def left_of(invoice: Invoice) -> list[tuple[InvoiceLine, int]]:
    """Return each line of a document with what can still be credited of it, excluding VAT, in cents."""
    taken = InvoiceLine.objects.filter(credits__invoice=invoice).values_list("credits_id")
    found = dict(taken.annotate(total=Sum(net_in_sql())).order_by())
    return [
        (line, line.net_cents - found.get(line.id, 0)) for line in invoice.lines.select_related("product")
    ]


def lines_standing(lines: QuerySet[InvoiceLine]) -> QuerySet[Any]:
    """Keep the lines of products of invoices of which credit notes left something."""
    taken = InvoiceLine.objects.filter(credits=OuterRef("pk")).order_by().values("credits")
    total = Subquery(taken.annotate(total=Sum(net_in_sql())).values("total"))
    rows = lines.filter(kind=LineKind.PRODUCT, unit_net_cents__gt=0, invoice__kind=Invoice.Kind.INVOICE)
    left: QuerySet[Any] = rows.annotate(
        net=net_in_sql(), taken=Coalesce(total, Value(0), output_field=BigIntegerField())
    )
    return left.filter(net__gt=F("taken"))


def cheque_fees_left(invoice: Invoice) -> dict[int, int]:
    """Return by position what can still be credited of the fee for a cheque, in net cents.

    Nothing once a cheque came for its order, be it refused by the bank: it had to be processed.
    """
    of_order = Q(invoice__order=invoice.order_id) if invoice.order_id else Q(invoice=invoice)
    if Allocation.objects.filter(of_order, payment__method=CHEQUE).exists():
        return {}
    return {
        line.position: cents
        for line, cents in left_of(invoice)
        if line.kind == LineKind.CHEQUE_FEE and cents > 0
    }


def gross_of(invoice: Invoice, amounts: Mapping[int, int]) -> int:
    """Return what these net cents of an invoice's lines come to with their VAT, each line rounded once."""
    found = 0
    for line in invoice.lines.all():
        if cents := amounts.get(line.position, 0):
            found += cents + round_cents(Decimal(cents) * (line.vat_rate or 0) / 100)
    return found


def tax_row(line: object) -> str:
    """Return how a line is taxed, as one word to compare by."""
    return "|".join(str(getattr(line, name)) for name in ("vat_rate", "tax_category", "tax_reason"))


def lines_left(invoice: Invoice) -> list[LineRemaining]:
    """Return what is left of an invoice, line by line, as the policy of credits reads it."""
    return [_as_remaining(line, cents) for line, cents in left_of(invoice)]


def _as_remaining(line: InvoiceLine, cents: int) -> LineRemaining:
    return LineRemaining(
        line.position,
        tax_row(line),
        cents,
        deducts=line.kind == LineKind.DEPOSIT and cents < 0,
        is_discounted=line.kind == LineKind.PRODUCT,
    )


def down_payments_left(down_payments: Iterable[Invoice]) -> dict[str, int]:
    """Return by tax what is left of these down payments, excluding VAT, in cents."""
    found: dict[str, int] = {}
    for line, cents in (row for each in down_payments for row in left_of(each)):
        found[tax_row(line)] = found.get(tax_row(line), 0) + cents
    return found


def down_payments_of_order(invoice: Invoice) -> list[Invoice]:
    """Return the down payments invoiced for the order of an invoice, the oldest first."""
    if invoice.is_down_payment or not invoice.order_id:
        return []
    rows = Invoice.objects.filter(order_id=invoice.order_id, is_down_payment=True, kind=Invoice.Kind.INVOICE)
    return list(rows.order_by("issued_on", "number"))


def deducted_in(down_payment: Invoice) -> Invoice | None:
    """Return the invoice that deducts a down payment and still sells something, None where none does."""
    if not down_payment.is_down_payment or not down_payment.order_id:
        return None
    rows = Invoice.objects.filter(
        order_id=down_payment.order_id, is_down_payment=False, kind=Invoice.Kind.INVOICE
    )
    lines = lines_standing(InvoiceLine.objects.filter(invoice__in=rows))
    return rows.filter(pk__in=lines.values("invoice")).order_by("-issued_on", "-number").first()


def still_owed(invoice: Invoice, wanted: Mapping[int, int]) -> dict[int, int]:
    """Return what of a wanted credit of an invoice's lines is still to be credited over its order."""
    return still_to_credit(wanted, lines_left(invoice), down_payments_left(down_payments_of_order(invoice)))


def still_owed_in_all(invoice: Invoice, wanted: Mapping[int, int]) -> dict[int, int]:
    """Return what of a wanted credit is still to be credited, where all that its down payments gave is part
    of it.
    """
    lines = lines_left(invoice)
    deposits = down_payments_left(down_payments_of_order(invoice))
    return still_to_credit(wanted, lines, deposits, given_by_down_payments(lines, deposits))


def creditable(invoice: Invoice) -> list[tuple[InvoiceLine, int]]:
    """Return the lines that a credit can name, with what is left of each over the order, net of discounts.

    Discounts and down payments come back by themselves.
    """
    most = remaining(lines_left(invoice), down_payments_left(down_payments_of_order(invoice)))
    rows = list(left_of(invoice))
    asked = [_as_remaining(line, line.net_cents) for line, _cents in rows]
    given = _credited_net(invoice)
    found = []
    for line, cents in rows:
        if cents > 0:
            whole = sum(net_of_discounts({line.position: line.net_cents}, asked).values())
            net = min(whole - given.get(line.position, 0), max(0, most[tax_row(line)]))
            found.append((line, max(0, net)))
    return found


def _credited_net(invoice: Invoice) -> dict[int, int]:
    """Return by position what credit notes took of the lines of an invoice, net of the discounts they took.

    A note that gives discounts back too gives each line's part of them back.
    """
    notes: dict[Any, list[InvoiceLine]] = {}
    rows = InvoiceLine.objects.filter(credits__invoice=invoice).order_by("position")
    at = dict(rows.values_list("pk", "credits__position"))
    for row in rows:
        notes.setdefault((row.invoice_id, tax_row(row)), []).append(row)
    found: dict[int, int] = {}
    for lines in notes.values():
        sold = [line for line in lines if line.kind == LineKind.PRODUCT]
        back = sum(line.net_cents for line in lines if line.kind == LineKind.DISCOUNT)
        shares = split(back, [line.net_cents for line in sold])
        for line, share in zip(sold, shares, strict=True):
            found[at[line.pk]] = found.get(at[line.pk], 0) + line.net_cents + share
        for line in lines:
            if line.kind not in {LineKind.PRODUCT, LineKind.DISCOUNT}:
                found[at[line.pk]] = found.get(at[line.pk], 0) + line.net_cents
    return found


def vat_of(*documents: Invoice) -> dict[Row, tuple[int, int]]:
    """Return the net and the VAT of documents together, per rate, category and reason."""
    found: dict[Row, tuple[int, int]] = {}
    for row in (row for document in documents for row in document.vat_rows):
        rate = None if row["rate"] is None else Decimal(row["rate"])
        key = (rate, row.get("category") or "", row.get("reason") or "")
        net, vat = found.get(key, (0, 0))
        found[key] = (net + row["net_cents"], vat + row["vat_cents"])
    return found


def is_whole(note: Invoice) -> bool:
    """Return whether a credit note takes its invoice back in full: nothing of its order can go back any more.

    Beside a down payment, an invoice asked only the rest.
    """
    corrected = note.corrects
    if corrected is None or note.net_cents != corrected.net_cents:
        return False
    if not corrected.order_id:
        return True
    asked = Invoice.objects.filter(order_id=corrected.order_id, kind=Invoice.Kind.INVOICE)
    if not asked.filter(is_down_payment=True).exists():
        return True
    deposits = down_payments_left(asked.filter(is_down_payment=True))
    sales = asked.filter(is_down_payment=False)
    rest = [cents for sale in sales for cents in remaining(lines_left(sale), deposits).values()]
    return not any([*deposits.values(), *rest])


def notes_owed() -> QuerySet[Any]:
    """Return the credit notes that owe their client something, with `owed_cents`.

    What they took back had been paid, by money that is there, and was not given back.
    """
    given = Allocation.objects.active().filter(credit_note=OuterRef("pk")).order_by().values("credit_note")
    total = Subquery(given.annotate(total=Sum("amount_cents")).values("total"))
    rows = Invoice.objects.filter(kind=Invoice.Kind.CREDIT_NOTE).annotate(
        owed_cents=F("gross_cents") - Coalesce(total, Value(0), output_field=BigIntegerField())
    )
    proved = Allocation.objects.active().filter(
        invoice=OuterRef("corrects"), payment__isnull=False, payment__credited_on=None
    )
    owed: QuerySet[Any] = rows.filter(owed_cents__gt=0).exclude(Exists(proved))
    return owed


def owed_by(note: Invoice) -> int:
    """Return what a credit note has not been taken off an invoice for: it is owed to the client, in cents."""
    given = Allocation.objects.active().filter(credit_note=note).aggregate(total=Sum("amount_cents"))["total"]
    return note.gross_cents - (given or 0)
