"""How long data is kept once a contract has ended."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Literal

from contracts.policy.clauses import keeps
from contracts.policy.profiles import KeptPeriod

KEPT = KeptPeriod(years=2)  # where no contract says anything: the terms of sale's two calendar years

KEPT_DAYS = KEPT.nominal_days

Reopening = Literal["as_it_is", "again", "wait", "anew"]


@keeps("LG-S21.2")
def reopening(state: str, *, is_deletion_asked: bool) -> Reopening:
    """Return what a paid reactivation does with a tenant in a state.

    What ended opens again with all it held. An early deletion its controller asked for stands until the
    controller takes it back: the reactivation waits. What is gone already is opened anew, empty.
    """
    if state == "erased":
        return "anew"
    if state != "ended":
        return "as_it_is"
    return "wait" if is_deletion_asked else "again"


@keeps("LG-S21.2", "MC-3", "LG-D6e")
def erased_on(*, ended_on: date, kept: Collection[KeptPeriod], chosen_days: int | None = None) -> date:
    """Return the day on which what is left of an ended contract is destroyed for good, without notice.

    `kept`: what each of the contracts that ran last promises at most, the shortest counts, years by the
    calendar; `chosen_days`: the controller's own shorter choice, which wins. Even an offer that keeps nothing
    leaves the 24 hours of an erasure. Raises ValueError on a negative period.
    """
    periods = [*(kept or [KEPT]), *([] if chosen_days is None else [KeptPeriod(days=chosen_days)])]
    return max(ended_on + timedelta(days=1), min(period.until(ended_on) for period in periods))
