"""How long data is kept without anyone asking."""

from datetime import date, timedelta

from contracts.policy.clauses import keeps


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
