"""From when a promise may be kept, and until when it still is: never the same instant."""

from datetime import date, datetime, time, timedelta, tzinfo
from typing import TypedDict

START_OF_DAY = time.min


class Span(TypedDict):
    """The first moment a keeper may run, and the last at which the promise is kept."""

    run_at: datetime
    due_at: datetime


def at_instant(at: datetime, *, slack: timedelta) -> Span:
    """Return the span of what happens at an instant: from then on, for as long as the slack.

    Raises ValueError without any slack: nothing is done in no time.
    """
    if slack <= timedelta(0):
        raise ValueError("a promise needs some time to be kept in")
    return Span(run_at=at, due_at=at + slack)


def on_day(day: date, *, zone: tzinfo, now: datetime, slack: timedelta, opens: time = START_OF_DAY) -> Span:
    """Return the span of what happens on a day of a time zone: from `opens` to the day's end.

    A day that has passed, or ends within the slack, is kept at once: from `now`, for as long as the slack.
    """
    run_at = max(datetime.combine(day, opens, zone), now)
    ends_at = datetime.combine(day + timedelta(days=1), time.min, zone)
    return Span(run_at=run_at, due_at=max(ends_at, run_at + slack))
