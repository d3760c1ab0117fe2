"""How long data is kept once a contract has ended."""

from collections.abc import Collection
from datetime import date, timedelta

from contracts.policy.clauses import keeps

KEPT_DAYS = 730  # where no contract says anything: the terms of sale's two years


@keeps("LG-S21.2", "MC-3", "LG-D6e")
def erased_on(*, ended_on: date, kept_days: Collection[int], chosen_days: int | None = None) -> date:
    """Return the day on which what is left of an ended contract is destroyed for good, without notice.

    `kept_days`: what each of the contracts that ran last promises at most, the shortest counts;
    `chosen_days`: the controller's own shorter choice, which wins. Even an offer that keeps nothing leaves
    the 24 hours of an erasure. Raises ValueError on a negative period.
    """
    periods = [*(kept_days or [KEPT_DAYS]), *([] if chosen_days is None else [chosen_days])]
    if min(periods) < 0:
        raise ValueError("nothing is kept for less than no time")
    return ended_on + timedelta(days=max(1, min(periods)))
