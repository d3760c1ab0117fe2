"""What is known of an invoice's VAT: what each part of it asks, and all that happened to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from billing.accounting.policy.vat_due import (
    CREDITED,
    ISSUED,
    LOST,
    PAID,
    REGAINED,
    SUPPLIED,
    UNPAID,
    Due,
    Event,
    LostPart,
    Part,
    Sum,
    due_of,
    loss_of,
    natures,
)
from billing.invoicing.models import Allocation, Invoice, WriteOff
from billing.invoicing.queries.natures import natures_of, nets_by_nature, row_key
from billing.money.policy.days import paris_day

GOODS = "goods"


def dues_of(invoice: Invoice) -> list[Due]:
    """Return what fell due of an invoice so far, event by event."""
    return due_of(parts_of(invoice), events_of(invoice), on_debits=is_on_debits(invoice))


def is_on_debits(invoice: Invoice) -> bool:
    """Return the seller's option for VAT on debits when the invoice was issued."""
    return bool(invoice.seller.get("vat_on_debits"))


def parts_of(document: Invoice) -> dict[Part, Sum]:
    """Return what a document asks, by rate, reason and nature.

    Its VAT is the document's own, cent for cent.
    """
    found: dict[Part, Sum] = {}
    lines = list(document.lines.all())
    for row in document.vat_rows:
        key = row_key(row)
        for nature, each in natures(row["vat_cents"], nets_by_nature(document, lines, key)).items():
            found[Part(document.buyer.get("country", ""), *key, nature)] = each
    return found


def events_of(invoice: Invoice) -> list[Event]:
    """Return all that happened to an invoice, with the name and the key of what it came from."""
    named: dict[str, Any] = {"label": invoice.number, "key": str(invoice.pk)}
    found = [Event(invoice.issued_on, ISSUED, **named)]
    if supplied_on := _supplied_on(invoice):
        found.append(Event(supplied_on, SUPPLIED, **named))
    for note in invoice.corrections.all():
        found.append(
            Event(note.issued_on, CREDITED, parts=parts_of(note), label=note.number, key=str(note.pk))
        )
    return [*found, *_money(invoice.allocations.all()), *_losses(invoice.write_offs.all())]


def _losses(rows: Iterable[WriteOff]) -> Iterator[Event]:
    """Yield what was given up, and asked again; undone on its own day it never was."""
    for row in rows:
        if row.undone_on == row.on:
            continue
        parts = lost_parts(row)
        kept = [each for each in parts if each.is_due and not row.is_final]
        yield _loss(row, LOST, row.on, parts, kept, 1)
        if row.undone_on is not None:
            yield _loss(row, REGAINED, row.undone_on, parts, kept, -1)


def _loss(
    row: WriteOff, kind: str, on: date, parts: Iterable[LostPart], kept: Iterable[LostPart], sign: int
) -> Event:
    taken, left = (
        {each.part: Sum(sign * each.lost.base_cents, sign * each.lost.vat_cents) for each in some}
        for some in (parts, kept)
    )
    number = row.invoice.number if row.invoice else ""
    return Event(on, kind, parts=taken, kept=left, label=number, key=str(row.pk))


def lost_parts(row: WriteOff) -> list[LostPart]:
    """Return what a write-off gives up of each part of its invoice, as it was kept."""
    return [
        LostPart(
            Part(
                each["country"],
                None if each["rate"] is None else Decimal(each["rate"]),
                each["category"],
                each["reason"],
                each["nature"],
            ),
            Sum(each["base_cents"], each["vat_cents"]),
            each["is_due"],
        )
        for each in row.parts
    ]


def lost_of(invoice: Invoice, cents: int) -> list[LostPart]:
    """Return what is given up of each part when so much of the rest of an invoice is."""
    return loss_of(parts_of(invoice), events_of(invoice), cents, on_debits=is_on_debits(invoice))


def as_kept(parts: Iterable[LostPart]) -> list[dict[str, Any]]:
    """Return parts as a write-off keeps them."""
    return [
        {
            "country": each.part.country,
            "rate": None if each.part.rate_pct is None else str(each.part.rate_pct),
            "category": each.part.category,
            "reason": each.part.reason,
            "nature": each.part.nature,
            "base_cents": each.lost.base_cents,
            "vat_cents": each.lost.vat_cents,
            "is_due": each.is_due,
        }
        for each in parts
    ]


def _supplied_on(invoice: Invoice) -> date | None:
    """Return the day the goods of an order left, None while they are still here.

    That of issue without an order.
    """
    if invoice.order is None:
        return invoice.issued_on
    delivery: Any = getattr(invoice.order, "delivery", None)
    return paris_day(delivery.shipped_at) if delivery and delivery.shipped_at else None


def _money(rows: Iterable[Allocation]) -> Iterator[Event]:
    """Yield the money that came and left: on the day of its credit, or on that of its share when it came
    later.

    Money that lay elsewhere first counts here from the day it was moved; what the bank took back, from that
    day.
    """
    for row in rows:
        payment = row.payment
        if payment is None or payment.credited_on is None:
            continue
        came_with_it = row.allocated_at <= payment.created_at
        here_on = (
            payment.credited_on if came_with_it else max(payment.credited_on, paris_day(row.allocated_at))
        )
        named: dict[str, Any] = {"label": f"{payment.method}|{payment.reference}", "key": str(payment.pk)}
        gone_on = _gone_on(row)
        if gone_on is not None and gone_on < here_on:
            continue  # it was moved before it was money
        yield Event(here_on, PAID, row.amount_cents, **named)
        if gone_on is not None:
            yield Event(gone_on, UNPAID, -row.amount_cents, **named)


def _gone_on(row: Allocation) -> date | None:
    if row.released_at is None or row.payment is None:
        return None
    days = [paris_day(row.released_at), row.payment.bounced_on]
    return min(day for day in days if day is not None)


def follows_money(invoice: Invoice) -> bool:
    """Return whether money changes what is due of an invoice: not of services invoiced on debits."""
    return not is_on_debits(invoice) or GOODS in natures_of(invoice, list(invoice.lines.all()))
