"""Days of the operator: Europe/Paris, where the money is counted."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from agenda.policy.spans import START_OF_DAY, Span, on_day

PARIS = ZoneInfo("Europe/Paris")

OFFICE_OPENS = time(9, 0)

AT_ONCE = timedelta(hours=1)  # for a day that had passed when it was promised


def paris_day(instant: datetime) -> date:
    """Return the day it is in Paris at an instant."""
    return instant.astimezone(PARIS).date()


def day_starts_at(day: date) -> datetime:
    """Return the instant, in UTC, at which a day starts in Paris."""
    return datetime.combine(day, time.min, PARIS).astimezone(UTC)


def within_day(day: date, *, now: datetime, opens: time = START_OF_DAY) -> Span:
    """Return from when and until when a promise for a day in Paris is kept; a past day is kept at once."""
    return on_day(day, zone=PARIS, now=now, slack=AT_ONCE, opens=opens)
