"""Weeks on a drawing of progress."""

from collections.abc import Iterable
from datetime import date, timedelta

WEEK = timedelta(weeks=1)


def week_starts(*, until: date, weeks: int) -> list[date]:
    """Return the Mondays of the last `weeks` weeks, the one `until` lies in being the last.

    Raises ValueError below one.
    """
    if weeks < 1:
        raise ValueError("a drawing has one week at least")
    last = until - timedelta(days=until.weekday())
    return [last - WEEK * back for back in range(weeks - 1, -1, -1)]


def mean(scores: Iterable[int]) -> int | None:
    """Return the mean of scores, rounded half up; None when there is none."""
    found = list(scores)
    return (2 * sum(found) + len(found)) // (2 * len(found)) if found else None
