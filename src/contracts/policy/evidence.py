"""What an installation shows of a promise: kept, moot, missed, or nothing yet."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

NONE = "none"
KEPT = "kept"
MOOT = "moot"
MISSED = "missed"
LIVE = (MISSED, KEPT, MOOT, NONE)
WINDOW = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Evidence:
    """When a promise was last kept and by how much, what came of it in thirty days, and what is owed.

    `margin` is that of the last time, `worst_margin` the least within the window: how long before its time it
    was kept, negative when late. `overdue_since` is the time of the oldest one owed and past it.
    """

    last_kept_at: datetime | None = None
    margin: timedelta | None = None
    count: int = 0
    worst_margin: timedelta | None = None
    kept_lately: int = 0
    moot_lately: int = 0
    missed_lately: int = 0
    last_moot_at: datetime | None = None
    overdue_since: datetime | None = None
    missed_at: datetime | None = None
    next_due_at: datetime | None = None
    why: str = ""

    @property
    def live(self) -> str:
        """Return "missed", "kept", "moot" or "none"; missed outweighs whatever else is green."""
        if self.overdue_since or self.missed_lately:
            return MISSED
        if self.last_kept_at and (self.last_moot_at is None or self.last_kept_at >= self.last_moot_at):
            return KEPT
        return MOOT if self.last_moot_at else NONE

    @property
    def missed_since(self) -> datetime | None:
        """Return the time that passed unkept: the oldest still owed, else the newest that was missed."""
        return self.overdue_since or self.missed_at


@dataclass(frozen=True, slots=True)
class Day:
    """What came of a promise on one day."""

    kept: int = 0
    moot: int = 0
    missed: int = 0


def merged(known: Iterable[Evidence]) -> Evidence:
    """Return one piece of evidence of several that know of a promise.

    Who knows by how much it was kept counts before who only counts; the newest event decides, and what was
    missed is never outweighed.
    """
    rows = list(known)
    best = max(rows, key=lambda row: (row.count > 0, row.margin is not None, row.count))
    overdue = [row.overdue_since for row in rows if row.overdue_since]
    missed = [row.missed_at for row in rows if row.missed_at]
    due = [row.next_due_at for row in rows if row.next_due_at]
    moot = [row.last_moot_at for row in rows if row.last_moot_at]
    newest = max((row.last_kept_at for row in rows if row.last_kept_at), default=None)
    return replace(
        best,
        last_kept_at=newest,
        margin=best.margin if best.last_kept_at == newest else None,
        last_moot_at=max(moot, default=None),
        kept_lately=sum(row.kept_lately for row in rows),
        moot_lately=sum(row.moot_lately for row in rows),
        missed_lately=sum(row.missed_lately for row in rows),
        overdue_since=min(overdue, default=None),
        missed_at=max(missed, default=None),
        next_due_at=min(due, default=None),
        why=next((row.why for row in rows if row.why), ""),
    )
