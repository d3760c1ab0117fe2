"""What happened to the money over a period, as pieces of accounting."""

from __future__ import annotations

from datetime import date

from billing.accounting.policy.fec import Piece, Sold
from billing.catalogue.policy.prices import EURO
from billing.invoicing.models import Invoice
from billing.payments.models import Payment


def pieces(*, starts_on: date, ends_on: date) -> list[Piece]:
    """Return every document issued and every payment credited in euros from a day to another, both included.

    A payment taken back by the bank is booked again the other way on that day; a refund too. The books are in
    euros: what is in another currency waits for its rate, see `without_rate`.
    """
    return [each for each in _all(starts_on, ends_on) if each.currency == EURO]


def without_rate(*, starts_on: date, ends_on: date) -> list[str]:
    """Return the references of what happened in other currencies.

    The accountant books it at the day's rate.
    """
    return [
        f"{each.reference} ({each.currency})" for each in _all(starts_on, ends_on) if each.currency != EURO
    ]


def _all(starts_on: date, ends_on: date) -> list[Piece]:
    return [*_documents(starts_on, ends_on), *_money(starts_on, ends_on)]


def _documents(starts_on: date, ends_on: date) -> list[Piece]:
    rows = Invoice.objects.filter(issued_on__range=(starts_on, ends_on)).prefetch_related("lines")
    return [_document(row) for row in rows.select_related("customer")]


def _document(row: Invoice) -> Piece:
    sign = -1 if row.is_credit_note else 1
    return Piece(
        journal="VT",
        on=row.issued_on,
        reference=row.number,
        label=f"{row.number} {row.customer.name}",
        customer_key=_key(row.customer_id),
        customer_name=row.customer.name,
        currency=row.currency,
        gross_cents=sign * row.gross_cents,
        vat_cents=sign * row.vat_cents,
        lines=tuple(Sold(line.kind, line.nature, sign * line.net_cents) for line in row.lines.all()),
    )


def _money(starts_on: date, ends_on: date) -> list[Piece]:
    found = []
    for row in (
        Payment.objects.filter(credited_on__isnull=False)
        .select_related("customer")
        .prefetch_related("refunds")
    ):
        if row.credited_on and starts_on <= row.credited_on <= ends_on:
            found.append(_payment(row, row.credited_on, 1))
        if row.bounced_on and starts_on <= row.bounced_on <= ends_on:
            found.append(_payment(row, row.bounced_on, -1))
        found += [
            _payment(row, refund.made_on, -1, cents=refund.amount_cents)
            for refund in row.refunds.all()
            if refund.made_on and starts_on <= refund.made_on <= ends_on
        ]
    return found


def _payment(row: Payment, on: date, sign: int, *, cents: int | None = None) -> Piece:
    words = row.reference or str(row.id)[:8]
    return Piece(
        journal="BQ",
        on=on,
        reference=words,
        label=f"{row.method} {words} {row.customer.name}",
        customer_key=_key(row.customer_id),
        customer_name=row.customer.name,
        currency=row.currency,
        gross_cents=sign * (row.amount_cents if cents is None else cents),
    )


def _key(customer_id: object) -> str:
    return f"C{str(customer_id)[:8]}"
