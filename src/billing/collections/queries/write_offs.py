"""What of a receivable could be given up, and since when nothing happened to it."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from billing.collections.models import InterestClaim
from billing.collections.queries.claims import claim_with_balance
from billing.invoicing.models import Invoice, WriteOff
from billing.invoicing.queries.balances import balance_of, payments_of, uncovered_cents
from billing.money.policy.days import paris_day
from billing.payments.models import ClaimAllocation


def rest_of(about: Invoice | InterestClaim) -> int:
    """Return what is left to pay of a receivable and no cheque in hand will pay, in cents."""
    if isinstance(about, Invoice):
        return 0 if about.is_credit_note else min(balance_of(about.pk), uncovered_cents(about))
    return 0 if about.corrects_id else int(claim_with_balance(about.pk).left_cents)


def settled_until(about: Invoice | InterestClaim) -> date | None:
    """Return the day of the last thing that happened to a receivable; None where it is no loss.

    A down payment is one once its sale was invoiced.
    """
    undone = WriteOff.objects.filter(Q(invoice=about.pk) | Q(claim=about.pk), undone_on__isnull=False)
    days = list(undone.values_list("undone_on", flat=True))
    if not isinstance(about, Invoice):
        shares = ClaimAllocation.objects.filter(claim=about).values_list("allocated_at", flat=True)
        return max([paris_day(about.created_at), *map(paris_day, shares), *days])  # type: ignore[type-var]
    if about.is_down_payment and not _is_sold(about):
        return None
    paid = (each.paid_on for each in payments_of([about.pk])[about.pk])
    moved = (paris_day(each) for each in about.allocations.values_list("allocated_at", flat=True))
    notes = about.corrections.values_list("issued_on", flat=True)
    return max([about.issued_on, *paid, *moved, *notes, *days])  # type: ignore[type-var]


def _is_sold(down_payment: Invoice) -> bool:
    asked = Invoice.objects.invoices().filter(order=down_payment.order_id, order__isnull=False)
    return asked.filter(is_down_payment=False).exists()
