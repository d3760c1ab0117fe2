"""Closed periods of the accounts: what may still be dated when, and what can be closed or opened again
next.
"""

from collections.abc import Iterator
from datetime import date

from billing.policy.terms import months_later


class PeriodClosed(ValueError):
    """Raised when a day lies in closed accounts; says the first day that doesn't."""

    def __init__(self, day: date, first_open_on: date) -> None:
        super().__init__(f"{day} is closed, the first open day is {first_open_on}")
        self.day = day
        self.first_open_on = first_open_on


def check_open(*days: date | None, first_open_on: date | None) -> None:
    """Return nothing when all these days are open.

    A missing day is, and without a closed period every day is.

    Raises PeriodClosed on the first that isn't.
    """
    for day in days:
        if day is not None and first_open_on is not None and day < first_open_on:
            raise PeriodClosed(day, first_open_on)


def moved_into_open(day: date, *, first_open_on: date | None) -> date:
    """Return the day, or the first open one: news that nobody can refuse count from there."""
    return max(day, first_open_on or day)


def closable_ends(*, first_open_on: date, today: date) -> list[date]:
    """Return the ends (the first day after) of the months that are over and still open, in order."""
    return list(_ends(first_open_on, today))


def _ends(first_open_on: date, today: date) -> Iterator[date]:
    end = months_later(first_open_on.replace(day=1), 1)
    while end <= today:
        yield end
        end = months_later(end, 1)
