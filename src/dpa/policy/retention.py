"""How long data is kept without anyone asking."""

from dataclasses import dataclass
from datetime import date, timedelta

from contracts.policy.clauses import keeps
from tenants.policy.keeping import KEPT_DAYS


class LongerThanPromised(ValueError):
    """Raised when a controller asks for a period longer than the contract's."""

    def __init__(self, ceiling: int) -> None:
        super().__init__(f"kept {ceiling} days at most")
        self.ceiling = ceiling


@keeps("LG-D5", "LG-DBr")
def kept_for(*, promised_days: int, controller_days: int | None) -> int:
    """Return for how many days a category of data is kept.

    What the controller set, never more than was promised.
    """
    return promised_days if controller_days is None else min(promised_days, controller_days)


@keeps("LG-D5", "LG-DBr")
def accepted(*, days: int, promised_days: int) -> int:
    """Return the period a controller sets when it can be kept.

    Raises LongerThanPromised, and ValueError below one day.
    """
    if days < 1:
        raise ValueError("at least one day")
    if days > promised_days:
        raise LongerThanPromised(promised_days)
    return days


@keeps("LG-DBr")
def ends_on(
    *, left_on: date | None, last_trace_on: date | None, ended_on: date | None, days: int
) -> date | None:
    """Return the day on which a person's data goes without a request, None while nothing has started the
    clock.

    The clock starts at whichever comes first: the person left or was archived, nothing was done by or
    recorded about them any more, the subscription ended.
    """
    starts = [day for day in (left_on, last_trace_on, ended_on) if day is not None]
    return min(starts) + timedelta(days=days) if starts else None


@dataclass(frozen=True, slots=True)
class KeptDays:
    """For how many days somebody's data is kept: once they left, and once they left no trace any more."""

    left: int
    quiet: int


@keeps("LG-D5", "LG-DBr")
def quiet_days(days: int, *, is_chosen: bool) -> int:
    """Return for how many days who works somewhere and does nothing any more is kept.

    What the controller chose; else two years, however soon data goes once somebody has left.
    """
    return days if is_chosen else max(days, KEPT_DAYS)


@keeps("LG-DBr")
def staff_ends_on(
    *, left_on: date | None, last_trace_on: date | None, ended_on: date | None, kept: KeptDays
) -> date | None:
    """Return the day on which the data of who works here goes, None while nothing has started the clock."""
    left = ends_on(left_on=left_on, last_trace_on=None, ended_on=ended_on, days=kept.left)
    quiet = ends_on(left_on=None, last_trace_on=last_trace_on, ended_on=None, days=kept.quiet)
    return min((day for day in (left, quiet) if day is not None), default=None)


class NobodyHeld(Exception):
    """Raised when a hold says of nobody that their data is kept."""


class HeldInThePast(Exception):
    """Raised when a hold would end before it begins."""


@keeps("LG-D5")
def check_hold(*, count: int, ends_on: date, today: date) -> None:
    """Let data be held for somebody until a day that is to come: a hold without an end is a hoard.

    Raises NobodyHeld, HeldInThePast.
    """
    if not count:
        raise NobodyHeld
    if ends_on <= today:
        raise HeldInThePast
