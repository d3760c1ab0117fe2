"""Which backups are kept, and until when: a restore can bring back what was erased no longer than that."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from contracts.policy.clauses import keeps
from contracts.policy.months import months_after

DAILY = timedelta(weeks=1)
WEEKLY = timedelta(weeks=4)
REMIND_BEFORE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DrillClock:
    """The month in which a backup is brought back for a trial: from when, until when, when it is reminded."""

    month: str
    begins_at: datetime
    due_at: datetime

    @property
    def reminder_at(self) -> datetime:
        """Return from when on who should do it is reminded."""
        return self.due_at - REMIND_BEFORE


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


@keeps("LG-DCb")
def drill_clock(on: date) -> DrillClock:
    """Return the clock of the restore drill owed in the month of a day: from its first day to its end, in
    universal time.
    """
    first = on.replace(day=1)
    begins_at = datetime.combine(first, time(), UTC)
    return DrillClock(f"{first:%Y-%m}", begins_at, datetime.combine(months_after(first, 1), time(), UTC))
