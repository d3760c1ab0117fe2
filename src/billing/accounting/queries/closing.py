"""What of the accounts is closed, and what could be closed next."""

from __future__ import annotations

from datetime import date

from billing.accounting.policy.closing import closable_ends
from billing.accounting.queries.ledger import first_day
from billing.money.queries.closed import first_open_on


def next_start() -> date | None:
    """Return where the next closed period begins.

    At the end of the last, or in the month of the first entry.
    """
    if (day := first_open_on()) is not None:
        return day
    first = first_day()
    return first.replace(day=1) if first else None


def closable(today: date) -> list[date]:
    """Return the ends of the months that could be closed today, in order."""
    start = next_start()
    return closable_ends(first_open_on=start, today=today) if start else []
