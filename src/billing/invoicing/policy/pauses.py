"""Days on which an event nobody could help suspends what a client owes (LG-S20.3m)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.policy.clauses import keeps

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pause:
    """Half-open days on which force majeure suspends what the client owes; no end while it lasts."""

    starts_on: date
    ends_on: date | None = None

    def holds(self, day: date) -> bool:
        """Return whether a day is one of them."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


@keeps("LG-S20.3m", "LG-S6.3p", "LG-S6.3c")
def due_after_pauses(due_on: date, pauses: Iterable[Pause]) -> date:
    """Return the day a payment is due once events are over: it can't fall due while one suspends it.

    `date.max` while the event has no end.
    """
    for pause in sorted(pauses, key=lambda each: each.starts_on):
        if pause.holds(due_on):
            due_on = pause.ends_on or date.max
    return due_on


@keeps("LG-S20.3m", "LG-S6.3c")
def outside_pauses(days: Iterable[date], pauses: Iterable[Pause]) -> list[date]:
    """Return the days on which something could be demanded: no event suspended it."""
    known = list(pauses)
    return [day for day in days if not any(each.holds(day) for each in known)]


@keeps("LG-S20.3m", "LG-S6.3p", "LG-S6.3c")
def days_running(starts_on: date, ends_on: date, pauses: Iterable[Pause]) -> list[tuple[date, date]]:
    """Return the days (after the first, up to and including the second) that no event suspends.

    Between two days, in order; the whole of them where nothing does.
    """
    found = []
    for pause in sorted(pauses, key=lambda each: each.starts_on):
        if pause.starts_on > ends_on:
            break
        before = pause.starts_on - ONE_DAY
        if before > starts_on:
            found.append((starts_on, before))
        last = (pause.ends_on or date.max) - ONE_DAY
        starts_on = max(starts_on, last)
    if starts_on < ends_on:
        found.append((starts_on, ends_on))
    return found
