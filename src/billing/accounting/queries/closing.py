"""What of the accounts is closed, and what could be closed next."""

from __future__ import annotations

from datetime import date

from django.db.models import Min

from billing.accounting.policy.closing import closable_ends
from billing.invoicing.models import Invoice
from billing.money.queries.closed import first_open_on
from billing.payments.models import Payment


def next_start() -> date | None:
    """Return where the next closed period begins.

    At the end of the last, or in the month of the first document.
    """
    if (day := first_open_on()) is not None:
        return day
    first = [
        Invoice.objects.aggregate(day=Min("issued_on"))["day"],
        Payment.objects.aggregate(day=Min("credited_on"))["day"],
    ]
    known = [day for day in first if day is not None]
    return min(known).replace(day=1) if known else None


def closable(today: date) -> list[date]:
    """Return the ends of the months that could be closed today, in order."""
    start = next_start()
    return closable_ends(first_open_on=start, today=today) if start else []
