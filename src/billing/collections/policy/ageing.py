"""How long what is overdue has been so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

CEILINGS = (30, 60, 90)


@dataclass(frozen=True, slots=True)
class Band:
    """What has been overdue from `first` to `last` days (None: and more), and over how many invoices."""

    first: int
    last: int | None
    cents: int
    count: int


def bands(overdue: Iterable[tuple[date, int]], *, today: date) -> list[Band]:
    """Return the four ages of what is overdue.

    (due date, balance in cents) for each invoice past its date.
    """
    firsts = (1, *(ceiling + 1 for ceiling in CEILINGS))
    lasts = (*CEILINGS, None)
    sums = [0] * 4
    counts = [0] * 4
    for due_on, cents in overdue:
        days = (today - due_on).days
        if days > 0:
            place = sum(days > ceiling for ceiling in CEILINGS)
            sums[place] += cents
            counts[place] += 1
    return [Band(*each) for each in zip(firsts, lasts, sums, counts, strict=True)]
