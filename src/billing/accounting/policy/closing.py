"""Closed periods of the accounts: what may still be dated when, and what can be closed or opened again
next.
"""

from collections.abc import Iterator
from datetime import date

from billing.money.policy.calendar_months import add_months


def closable_ends(*, first_open_on: date, today: date) -> list[date]:
    """Return the ends (the first day after) of the months that are over and still open, in order."""
    return list(_ends(first_open_on, today))


def _ends(first_open_on: date, today: date) -> Iterator[date]:
    end = add_months(first_open_on.replace(day=1), 1)
    while end <= today:
        yield end
        end = add_months(end, 1)
