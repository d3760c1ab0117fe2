"""Which backups are kept, and until when: a restore can bring back what was erased no longer than that."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from contracts.policy.clauses import keeps
from contracts.policy.months import months_after

DAILY = timedelta(weeks=1)
WEEKLY = timedelta(weeks=4)


@keeps("LG-DCb")
def kept_until(made_on: date, earlier: Collection[date], *, months: int) -> date:
    """Return the day on which a backup is destroyed, whatever became of newer ones.

    The first of a month is kept so many calendar months, the first of a week (from Monday) four weeks, any
    other a week. `earlier` are the days of the backups made before it that still stand.
    """
    if not any((day.year, day.month) == (made_on.year, made_on.month) for day in earlier):
        return months_after(made_on, months)
    monday = made_on - timedelta(days=made_on.weekday())
    if not any(monday <= day < made_on for day in earlier):
        return made_on + WEEKLY
    return made_on + DAILY
