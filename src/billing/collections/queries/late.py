"""What is late, what it costs to the cent, and how that was counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from billing.collections.models import FormalNotice, InterestClaim
from billing.collections.policy.late_interest import (
    Claimed,
    InterestCalculation,
    InvalidCalculation,
    Segment,
    flat_fee_in,
    late_interest,
    left_to_claim,
    notice_that_counts,
)
from billing.collections.queries.rules import late_rules
from billing.customers.models import SentDocument
from billing.invoicing.models import Allocation, Invoice
from billing.invoicing.policy.paid import Payment as Paid
from billing.invoicing.policy.pauses import Pause, due_after_pauses, outside_pauses
from billing.invoicing.queries.balances import falls_due_on, overdue_invoices, payments_of, with_balance
from billing.invoicing.queries.pauses import pauses_by_invoice
from billing.money.policy.rates import Rates, UnknownRate
from contracts.policy.clauses import keeps

PRESCRIBED = timedelta(days=5 * 365 + 1)


def calculate_interest(invoice: Invoice, as_of: date, rates: Rates) -> InterestCalculation:
    """Return what an invoice costs its late payer up to a day. Raises UnknownRate, InvalidCalculation.

    The same question about a past day always has the same answer.
    """
    sent = _notices([invoice.id])[invoice.id]
    paid = payments_of([invoice.id])[invoice.id]
    pauses = pauses_by_invoice([invoice.id]).get(invoice.id, ())
    return _statement(invoice, falls_due_on(invoice), paid, sent, pauses, as_of, rates)


def claimed_of(invoice: Invoice) -> list[Claimed]:
    """Return what the claims drawn of an invoice asked."""
    rows = InterestClaim.objects.filter(invoice=invoice)
    return [Claimed(row.interest_cents, row.flat_fee_cents) for row in rows]


def unclaimed(found: dict[UUID, InterestCalculation | None]) -> dict[UUID, Claimed]:
    """Return what each invoice costs its late payer beyond what claims asked before, in one statement."""
    asked: dict[UUID, list[Claimed]] = {}
    rows = InterestClaim.objects.filter(invoice__in=found)
    for pk, interest, fee in rows.values_list("invoice", "interest_cents", "flat_fee_cents"):
        asked.setdefault(pk, []).append(Claimed(interest, fee))
    return {
        pk: left_to_claim(owed, asked.get(pk, ())) if owed else Claimed(0, 0) for pk, owed in found.items()
    }


def unclaimed_of_claimed(as_of: date, rates: Rates) -> dict[UUID, tuple[InterestCalculation, Claimed]]:
    """Return what each open invoice that claims were drawn of costs up to a day, and what of it they left.

    Those whose rate is unknown are left out.
    """
    rows = list(overdue_invoices(as_of).filter(late_statements__isnull=False).distinct())
    found = interest_calculations(rows, as_of, rates)
    beyond = unclaimed(found)
    return {pk: (owed, beyond[pk]) for pk, owed in found.items() if owed is not None}


@keeps("LG-S6.3p", "LG-S6.3c")
def paid_late(as_of: date, rates: Rates) -> list[tuple[Any, Claimed]]:
    """Return the invoices that were paid after their day and of whose interest nothing was claimed, with it.

    Of the last five years (code de commerce, art. L110-4); those whose rate is unknown are left out.
    """
    after = Allocation.objects.effective().filter(
        invoice=OuterRef("pk"), payment__credited_on__gt=OuterRef("falls_due_on")
    )
    settled = with_balance(Invoice.objects.invoices()).filter(
        Exists(after), late_statements=None, balance_cents__lte=0, falls_due_on__gte=as_of - PRESCRIBED
    )
    rows = list(settled.select_related("customer").order_by("falls_due_on", "number"))
    left = unclaimed(interest_calculations(rows, as_of, rates))
    return [(row, left[row.pk]) for row in rows if left[row.pk].total_cents]


def claims_net(claim: InterestClaim) -> Claimed:
    """Return what a claim asks once its corrections are taken off."""
    rows = [claim, *claim.corrections.all()]
    return Claimed(sum(row.interest_cents for row in rows), sum(row.flat_fee_cents for row in rows))


def formal_notice_of(invoice: Invoice) -> FormalNotice | None:
    """Return the formal notice that counts for an invoice, None where none does (any more)."""
    rows = FormalNotice.objects.filter(invoice=invoice)
    pauses = pauses_by_invoice([invoice.pk]).get(invoice.pk, ())
    due_on = due_after_pauses(falls_due_on(invoice), pauses)
    day = notice_that_counts(outside_pauses((row.sent_on for row in rows), pauses), due_on=due_on)
    return rows.filter(sent_on=day).first() if day else None


def letter_sent(invoice: Invoice) -> bytes | None:
    """Return the letter of the formal notice that counts, as it was sent; None where none was kept."""
    notice = formal_notice_of(invoice)
    kept = SentDocument.objects.filter(key=notice.sent_key).first() if notice else None
    return bytes(kept.content) if kept else None


def _notices(ids: Collection[UUID]) -> dict[UUID, list[date]]:
    found: dict[UUID, list[date]] = {pk: [] for pk in ids}
    for pk, day in FormalNotice.objects.filter(invoice_id__in=ids).values_list("invoice_id", "sent_on"):
        found[pk].append(day)
    return found


def interest_calculations(
    invoices: Collection[Any], as_of: date, rates: Rates
) -> dict[UUID, InterestCalculation | None]:
    """Return the statement of each invoice, in as few SQL statements for many as for one.

    None where a rate is unknown or dates disagree.

    The invoices come from `queries.balances` and know the day they fall due.
    """
    ids = [invoice.id for invoice in invoices]
    notices = _notices(ids)
    paid = payments_of(ids)
    pauses = pauses_by_invoice(ids)
    found = dict[UUID, InterestCalculation | None]()
    for invoice in invoices:
        try:
            found[invoice.id] = _statement(
                invoice,
                invoice.falls_due_on,
                paid[invoice.id],
                notices[invoice.id],
                pauses.get(invoice.id, ()),
                as_of,
                rates,
            )
        except (UnknownRate, InvalidCalculation):
            found[invoice.id] = None
    return found


def _statement(
    invoice: Invoice,
    due_on: date,
    paid: list[Paid],
    sent: Collection[date],
    pauses: Collection[Pause],
    as_of: date,
    rates: Rates,
) -> InterestCalculation:
    due_on = due_after_pauses(due_on, pauses)
    late = late_rules(invoice.customer_type, on=as_of)
    return late_interest(
        customer_type=invoice.customer_type,
        amount_cents=invoice.gross_cents,
        due_on=due_on,
        notice_on=notice_that_counts(
            [day for day in outside_pauses(sent, pauses) if day <= as_of], due_on=due_on
        ),
        payments=paid,
        as_of=as_of,
        rates=rates,
        flat_fee_cents=flat_fee_in(invoice.currency, cents=late.flat_fee_cents),
        consumer_column=late.consumer_rate,
        pauses=pauses,
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
        "rate_pct": "" if statement.rate_pct is None else str(statement.rate_pct),
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
