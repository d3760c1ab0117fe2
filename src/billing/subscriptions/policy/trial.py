"""A trial: free days before the first term, for who subscribed and pays online."""

from dataclasses import dataclass
from datetime import date, timedelta

from contracts.policy.clauses import keeps


class InTrial(ValueError):
    """Raised when something is to be added to a trial: nothing is charged before `first_day`."""

    def __init__(self, first_day: date) -> None:
        super().__init__(str(first_day))
        self.first_day = first_day


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open trial: `ends_on` is the first day of the first term, the day it is activated and
    invoiced.
    """

    starts_on: date
    ends_on: date


@keeps("LG-S14.3")
def trial_from(starts_on: date, *, days: int) -> Period:
    """Return the trial of so many days that begins when access opens. Raises ValueError without a day."""
    if days <= 0:
        raise ValueError("a trial lasts a day at least")
    return Period(starts_on, starts_on + timedelta(days=days))


@keeps("LG-S14.3")
def reminded_on(trial: Period, *, ahead_days: int) -> date | None:
    """Return the day on which a client is reminded of the end and the price, None for a trial too short for
    that.
    """
    day = trial.ends_on - timedelta(days=ahead_days)
    return day if day > trial.starts_on else None


@keeps("LG-S14.3")
def stops_on(trial: Period, *, said_on: date, at_once: bool = False) -> date | None:
    """Return the day from which access stops when the client ends the trial; None when it is too late to.

    It goes on to its last day unless they want it to stop at once. Said on its end, it is activated already:
    only what is ended before its end costs nothing.
    """
    if said_on >= trial.ends_on:
        return None
    return said_on if at_once else trial.ends_on


@keeps("LG-S14.3", "LG-S14.1")
def activated_on(trial: Period, *, stopped_on: date | None) -> date | None:
    """Return the day a trial becomes the first term and is invoiced, None when it was ended before."""
    return None if stopped_on is not None and stopped_on <= trial.ends_on else trial.ends_on


@keeps("LG-S14.3", "LG-S15")
def check_addition(trial_ends_on: date | None, *, today: date) -> None:
    """Raise InTrial where what is added would be charged before the trial's end."""
    if trial_ends_on is not None and today < trial_ends_on:
        raise InTrial(trial_ends_on)
