"""The clock of an erasure, from the word that starts it to the last backup."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from contracts.policy.clauses import keeps
from contracts.policy.months import months_after


@dataclass(frozen=True, slots=True)
class ErasureClock:
    """The instants of one erasure, in order.

    Asked, no longer undone, alarm when still there, promised gone.
    """

    asked_at: datetime
    undo_until: datetime
    alarm_at: datetime
    due_at: datetime


@keeps("LG-DBr")
def erasure_clock(*, asked_at: datetime, hours: int, undo_hours: int, alarm_hours: int) -> ErasureClock:
    """Return when an erasure asked for at `asked_at` can no longer be undone, alarms, and must be done.

    The data goes when the undo ends; hours are real hours, whatever the clocks on the wall do. An alarm that
    would come after the promise comes halfway between the end of the undo and the promise. Raises ValueError
    when the undo doesn't end before the promise.
    """
    if not 0 <= undo_hours < hours:
        raise ValueError(f"an undo of {undo_hours} hours leaves no time to erase within {hours}")
    if not undo_hours < alarm_hours < hours:
        alarm_at = asked_at + timedelta(hours=undo_hours) + timedelta(hours=hours - undo_hours) / 2
    else:
        alarm_at = asked_at + timedelta(hours=alarm_hours)
    return ErasureClock(
        asked_at, asked_at + timedelta(hours=undo_hours), alarm_at, asked_at + timedelta(hours=hours)
    )


def can_undo(*, now: datetime, undo_until: datetime) -> bool:
    """Return whether a deletion can still be taken back; at the last instant it can't."""
    return now < undo_until


@keeps("LG-DBr")
def forgotten_by_backups_on(*, erased_on: date, months: int, configured: bool) -> date | None:
    """Return the day on which the last backup that may hold the data is gone, None when no backup is
    configured.

    Backups are kept so many months at most; a month without that day ends on its last.
    """
    return months_after(erased_on, months) if configured else None
