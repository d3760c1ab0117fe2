"""Write the books of what happened before they were kept, each on its own day."""

from datetime import datetime, timedelta

from django.db import transaction

from billing.accounting.actions.post_entries import (
    post_claim,
    post_document,
    post_payment,
    post_payout,
    post_refund,
    post_write_off,
)
from billing.accounting.actions.recognise_revenue import recognise_revenue
from billing.accounting.actions.validate_entries import validate_entries
from billing.accounting.gateways.closed_days import closed_days_open
from billing.accounting.models import JournalEntry
from billing.accounting.queries.facts import WAS_A_PAYOUT
from billing.accounting.queries.ledger import first_day
from billing.collections.models import InterestClaim
from billing.invoicing.models import Invoice, WriteOff
from billing.money.policy.days import paris_day
from billing.money.policy.periods import month_of, months
from billing.payments.models import BankStatementLine, Payment, Refund
from isolation.context import inside_operator


def fill_missing_books(now: datetime) -> int:
    """Return how many entries were numbered: all there are where no books were kept before, else none."""
    with inside_operator():
        if JournalEntry.objects.exists() or not (Invoice.objects.exists() or Payment.objects.exists()):
            return 0
    with closed_days_open(), inside_operator():
        return fill_books(now=now)


@transaction.atomic
def fill_books(*, now: datetime) -> int:
    """Return how many entries were numbered: all that documents, money and claims make and wasn't written.

    Months that are closed get their entries too, on their days: their files stay as they were closed. What
    waits to be served is written from the first open month on.
    """
    _write_all(now)
    if (first := first_day()) is not None:
        last = month_of(paris_day(now)) - timedelta(days=1)
        for month in months(first, last):
            recognise_revenue(month=month, now=now)
    return validate_entries(now=now, by_day=True)


def _write_all(now: datetime) -> None:
    """Write what documents, money, claims and losses make, each once."""
    for document in Invoice.objects.order_by("created_at", "number"):
        post_document(document, now=now, moved=False)
    for payment in Payment.objects.order_by("created_at"):
        post_payment(payment, now=now, moved=False)
    for refund in Refund.objects.order_by("asked_at").select_related("payment"):
        post_refund(refund, now=now)
    for line in BankStatementLine.objects.filter(WAS_A_PAYOUT).order_by("booked_on", "pk"):
        post_payout(line, now=now)
    for claim in InterestClaim.objects.order_by("created_at").select_related("invoice"):
        post_claim(claim, now=now)
    for row in WriteOff.objects.select_related("invoice", "claim__invoice"):
        post_write_off(row, now=now, moved=False)
