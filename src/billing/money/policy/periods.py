"""Months: how pages of accounts cut time."""

from collections.abc import Iterator
from datetime import date

from billing.money.policy.calendar_months import add_months


def month_of(day: date) -> date:
    """Return the first day of the month a day lies in."""
    return day.replace(day=1)


def months(first: date, last: date) -> list[date]:
    """Return the first day of each month from that of `first` to that of `last`, both included."""
    return list(_months(month_of(first), last))


def _months(month: date, last: date) -> Iterator[date]:
    while month <= last:
        yield month
        month = add_months(month, 1)
