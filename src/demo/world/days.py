"""The days of the invented world, all counted back from today."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Days:
    """Today, and how to speak of days before it."""

    now: datetime

    @property
    def today(self) -> date:
        """Return the day it is in Paris."""
        return self.now.astimezone(PARIS).date()

    def ago(self, days: int) -> date:
        """Return the working day that many days ago, or the one before it."""
        day = self.today - timedelta(days=days)
        return day - timedelta(days=max(0, day.weekday() - 4))

    def at(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """Return an instant on that working day, never later than now."""
        moment = datetime.combine(self.ago(days), time(hour, minute), PARIS).astimezone(UTC)
        return min(moment, self.now)

    @property
    def term_started(self) -> int:
        """Return how many days ago the term began: twelve weeks, or since September when that is less."""
        first = date(self.today.year if self.today.month >= 9 else self.today.year - 1, 9, 1)
        days = min(79, (self.today - first).days)
        while days > 1 and self.ago(days) < first:
            days -= 1
        return max(1, days)
