"""What claims for late interest still ask: their corrections and what pays them counted."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Exists, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from billing.collections.models import Dispute, InterestClaim
from billing.customers.models import Contact
from billing.invoicing.models import WriteOff
from billing.invoicing.policy.state import (
    CREDIT_NOTE,
    CREDITED,
    LATE,
    PAID,
    PAYMENT_SUSPENDED,
    WRITTEN_OFF,
    invoice_state,
)
from billing.invoicing.queries.balances import open_invoices
from billing.payments.models import ClaimAllocation
from billing.payments.policy.matching import Candidate
from billing.registry import ask
from contracts.policy.clauses import keeps
from isolation.policy.guards import guards


def with_claim_balance(claims: QuerySet[InterestClaim]) -> QuerySet[Any]:
    """Return claims with `asked_cents`, `paid_cents`, `written_off_cents`, `left_cents`, `falls_due_on` and
    `is_disputed`.

    The day is theirs, or the first day after an event it fell into; disputed is what its client contests.
    """
    after = ask("due_after_events", order="invoice__order_id", due="due_on")
    rows: QuerySet[Any] = claims.annotate(
        falls_due_on=Coalesce(after, F("due_on")),
        corrected_cents=_sum(InterestClaim.objects.all(), "corrects", "total_cents"),
        paid_cents=_sum(ClaimAllocation.objects.effective(), "claim", "amount_cents"),
        written_off_cents=_sum(WriteOff.objects.active(), "claim", "amount_cents"),
        is_disputed=Exists(Dispute.objects.active().filter(claim=OuterRef("pk"))),
    )
    rows = rows.annotate(asked_cents=F("total_cents") + F("corrected_cents"))
    left: QuerySet[Any] = rows.annotate(
        left_cents=F("asked_cents") - F("paid_cents") - F("written_off_cents")
    )
    return left


def _sum(rows: QuerySet[Any], name: str, field: str) -> Any:
    mine = rows.filter(**{name: OuterRef("pk")}).order_by().values(name).annotate(total=Sum(field))
    return Coalesce(Subquery(mine.values("total")), Value(0), output_field=BigIntegerField())


def open_claims() -> QuerySet[Any]:
    """Return the claims with something left to pay, whether their invoice is paid or not."""
    return with_claim_balance(InterestClaim.objects.filter(corrects=None)).filter(left_cents__gt=0)


@keeps("LG-S6.3x", "LG-S20.3m")
def overdue_claims(today: date) -> QuerySet[Any]:
    """Return the claims not fully paid after their day, of invoices whose payment no event suspends today."""
    suspended = ask("payment_suspended", today, order="invoice__order_id")
    return open_claims().filter(falls_due_on__lt=today).exclude(suspended)


def with_claim_state(claims: QuerySet[InterestClaim], *, today: date) -> QuerySet[Any]:
    """Return claims with what `with_claim_balance` gives, and `is_suspended`: an event holds payment."""
    suspended = ask("payment_suspended", today, order="invoice__order_id")
    rows: QuerySet[Any] = with_claim_balance(claims).annotate(is_suspended=suspended)
    return rows


@keeps("LG-S6.3p", "LG-S20.3m")
def claim_state(claim: Any, *, today: date) -> str:
    """Return the state of a claim that has its balance, counted as an invoice's is.

    A correction is its credit note. Whether an event suspends its payment is asked where the row doesn't know
    it.
    """
    taken = -claim.corrected_cents
    facts = {
        "is_credit_note": claim.corrects_id is not None,
        "gross_cents": claim.total_cents,
        "paid_cents": claim.paid_cents + taken,
        "credited_cents": taken,
        "written_off_cents": claim.written_off_cents,
        "falls_due_on": claim.falls_due_on,
        "today": today,
    }
    state = invoice_state(**facts, is_suspended=getattr(claim, "is_suspended", False))
    if state == LATE and not hasattr(claim, "is_suspended"):
        return invoice_state(**facts, is_suspended=not overdue_claims(today).filter(pk=claim.pk).exists())
    return state


def claims_in_state(rows: QuerySet[Any], state: str, *, today: date) -> QuerySet[Any]:
    """Return the claims in a state, among rows of `with_claim_state`; as `claim_state` counts them.

    "credit_note" are the corrections, "disputed" what is contested; open is all that waits for money.
    """
    if state == "disputed":
        return rows.filter(is_disputed=True)
    rows = rows.filter(corrects__isnull=state != CREDIT_NOTE)
    if state == CREDIT_NOTE:
        return rows
    if state == WRITTEN_OFF:
        return rows.filter(left_cents__lte=0, written_off_cents__gt=0)
    if state in {PAID, CREDITED}:
        settled = rows.filter(left_cents__lte=0, written_off_cents=0)
        return settled.filter(asked_cents__lte=0) if state == CREDITED else settled.filter(asked_cents__gt=0)
    rows = rows.filter(left_cents__gt=0)
    if state in {LATE, PAYMENT_SUSPENDED}:
        return rows.filter(falls_due_on__lt=today, is_suspended=state == PAYMENT_SUSPENDED)
    return rows


@guards("contact")
def claims_of(contact: Contact, *, today: date) -> QuerySet[Any]:
    """Return the claims of a buyer's customer and their corrections, with what is left of each."""
    rows = InterestClaim.objects.filter(invoice__customer_id=contact.customer_id)
    return with_claim_state(rows.select_related("invoice", "corrects"), today=today)


def claim_with_balance(claim_id: UUID) -> Any:
    """Return a claim with what is left of it."""
    return with_claim_balance(InterestClaim.objects.filter(pk=claim_id)).get()


def claim_candidates() -> list[Candidate]:
    """Return the claims that a line of the bank could pay."""
    rows = list(open_claims().select_related("invoice__customer"))
    unpaid = dict(
        open_invoices().filter(pk__in=[row.invoice_id for row in rows]).values_list("pk", "balance_cents")
    )
    return [
        Candidate(
            "claim",
            str(row.pk),
            row.number,
            row.left_cents,
            row.invoice.customer.name,
            row.currency,
            str(row.invoice.customer_id),
            unpaid.get(row.invoice_id, 0),
        )
        for row in rows
    ]


def claim_numbered(number: str, *, currency: str) -> UUID | None:
    """Return the claim of a number that still asks something."""
    row = open_claims().filter(number__iexact=number, currency=currency).first()
    return row.pk if row else None
