"""Business days: Monday to Friday, minus public holidays, bridge days and announced leave, all given."""

from collections.abc import Iterable
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
SATURDAY = 5


def is_business_day(day: date, *, holidays: frozenset[date], closed: frozenset[date] = frozenset()) -> bool:
    """Return whether people work on this day."""
    return day.weekday() < SATURDAY and day not in holidays and day not in closed


def add_business_days(
    start: date, days: int, *, holidays: frozenset[date], closed: frozenset[date] = frozenset()
) -> date:
    """Return the last of this many business days; the start day itself is never counted.

    With 0 days it is the start day, whatever day that is. Raises ValueError when `days` is negative.
    """
    if days < 0:
        raise ValueError("a number of business days is never negative")
    day = start
    while days:
        day += ONE_DAY
        days -= is_business_day(day, holidays=holidays, closed=closed)
    return day


def business_day_from(day: date, *, holidays: frozenset[date]) -> date:
    """Return this day, or the next on which people work."""
    while not is_business_day(day, holidays=holidays):
        day += ONE_DAY
    return day


def years_reached(start: date, days: int) -> range:
    """Return the years whose holidays must be known to add this many business days to `start`.

    A year has more than 200 business days whatever the country, so one year is added per 200 days and one
    more.
    """
    return range(start.year, start.year + days // 200 + 2)


def days_of(periods: Iterable[tuple[date, date]]) -> frozenset[date]:
    """Return every day of these half-open periods [starts, ends)."""
    return frozenset(
        starts + timedelta(days=n) for starts, ends in periods for n in range((ends - starts).days)
    )
