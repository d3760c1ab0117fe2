"""The door to the calendars of public holidays of the world."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import holidays as world

from contracts.policy.calendar import add_business_days, years_reached


class UnknownCalendar(ValueError):
    """Raised when no calendar of public holidays exists for a country or for a subdivision of it."""


@lru_cache(maxsize=256)
def _year(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    try:
        return frozenset(world.country_holidays(country, subdiv=subdivision, years=year))
    except NotImplementedError:
        place = f"{country}-{subdivision}" if subdivision else country
        raise UnknownCalendar(f"no calendar of public holidays for {place!r}") from None


def public_holidays(country: str, subdivision: str | None, years: Iterable[int]) -> frozenset[date]:
    """Return the public holidays of these years, a region's own included.

    Raises UnknownCalendar for a country or subdivision without a calendar: a deadline is never guessed.
    """
    return frozenset[date]().union(*(_year(country, subdivision or None, year) for year in years))


def business_day_after(
    start: date,
    days: int,
    *,
    country: str,
    subdivision: str | None = None,
    closed: frozenset[date] = frozenset(),
) -> date:
    """Return the last of this many business days after `start` in a country and region.

    `start` isn't counted.

    Raises UnknownCalendar.
    """
    known = public_holidays(country, subdivision, years_reached(start, days))
    return add_business_days(start, days, holidays=known, closed=closed)
