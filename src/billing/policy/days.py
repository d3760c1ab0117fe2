"""Days of the operator: Europe/Paris, where the money is counted."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def paris_day(instant: datetime) -> date:
    """Return the day it is in Paris at an instant."""
    return instant.astimezone(PARIS).date()


def day_starts_at(day: date) -> datetime:
    """Return the instant, in UTC, at which a day starts in Paris."""
    return datetime.combine(day, time.min, PARIS).astimezone(UTC)
