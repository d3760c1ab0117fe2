"""What is late, what it costs to the cent, and how that was counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from billing.collections.models import FormalNotice
from billing.collections.policy.late_interest import (
    InterestCalculation,
    InvalidCalculation,
    Segment,
    flat_fee_in,
    late_interest,
)
from billing.collections.queries.rules import late_rules
from billing.invoicing.models import Invoice
from billing.invoicing.policy.paid import Payment as Paid
from billing.invoicing.queries.balances import falls_due_on, payments_of
from billing.money.policy.rates import Rates, UnknownRate


def calculate_interest(invoice: Invoice, as_of: date, rates: Rates) -> InterestCalculation:
    """Return what an invoice costs its late payer up to a day. Raises UnknownRate, InvalidCalculation.

    The same question about a past day always has the same answer.
    """
    notice = FormalNotice.objects.filter(invoice=invoice).first()
    paid = payments_of([invoice.id])[invoice.id]
    return _statement(invoice, falls_due_on(invoice), paid, notice, as_of, rates)


def interest_calculations(
    invoices: Collection[Any], as_of: date, rates: Rates
) -> dict[UUID, InterestCalculation | None]:
    """Return the statement of each invoice, in three SQL statements.

    None where a rate is unknown or dates disagree.

    The invoices come from `queries.balances` and know the day they fall due.
    """
    ids = [invoice.id for invoice in invoices]
    notices = {row.invoice_id: row for row in FormalNotice.objects.filter(invoice_id__in=ids)}
    paid = payments_of(ids)
    found = dict[UUID, InterestCalculation | None]()
    for invoice in invoices:
        try:
            found[invoice.id] = _statement(
                invoice, invoice.falls_due_on, paid[invoice.id], notices.get(invoice.id), as_of, rates
            )
        except (UnknownRate, InvalidCalculation):
            found[invoice.id] = None
    return found


def _statement(
    invoice: Invoice, due_on: date, paid: list[Paid], notice: FormalNotice | None, as_of: date, rates: Rates
) -> InterestCalculation:
    late = late_rules(invoice.customer_type, on=as_of)
    return late_interest(
        customer_type=invoice.customer_type,
        amount_cents=invoice.gross_cents,
        due_on=due_on,
        notice_on=notice.sent_on if notice and notice.sent_on <= as_of else None,
        payments=paid,
        as_of=as_of,
        rates=rates,
        flat_fee_cents=flat_fee_in(invoice.currency, cents=late.flat_fee_cents),
        consumer_column=late.consumer_rate,
    )


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a worksheet: the balance it ran on and the interest accrued since the segment began."""

    on: date
    base_cents: int
    rate_pct: Decimal
    days: int
    interest: Decimal  # in cents, not rounded: the segment is, once


def days_of(segments: Iterable[Segment]) -> list[Day]:
    """Return the worksheet day by day: each day of each segment, with the interest it adds."""
    found = []
    for segment in segments:
        for n in range(1, segment.days + 1):
            accrued = segment.base_cents * segment.rate_pct * n / 36500
            found.append(
                Day(segment.starts_on + timedelta(days=n), segment.base_cents, segment.rate_pct, n, accrued)
            )
    return found


def as_worksheet(statement: InterestCalculation) -> dict[str, Any]:
    """Return the worksheet as it is kept: rate, its reason, and every segment."""
    return {
        "rate_pct": str(statement.rate_pct),
        "rate_reason": statement.rate_reason,
        "segments": [
            {
                "starts_on": str(part.starts_on),
                "ends_on": str(part.ends_on),
                "days": part.days,
                "base_cents": part.base_cents,
                "rate_pct": str(part.rate_pct),
                "interest_cents": part.interest_cents,
            }
            for part in statement.segments
        ],
    }


def segments_of(worksheet: dict[str, Any]) -> list[Segment]:
    """Return the segments of a worksheet that was kept."""
    return [
        Segment(
            date.fromisoformat(part["starts_on"]),
            date.fromisoformat(part["ends_on"]),
            part["base_cents"],
            Decimal(part["rate_pct"]),
            part["interest_cents"],
        )
        for part in worksheet["segments"]
    ]
