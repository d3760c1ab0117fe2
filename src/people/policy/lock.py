"""When a session that nobody uses is locked."""

from datetime import datetime, timedelta

from isolation.policy.guards import guards

WARNING = timedelta(minutes=2)  # before the lock, the page says so
MINUTES_ALLOWED = range(5, 241)


def locks_at(*, seen_at: datetime, lock_after_minutes: int) -> datetime:
    """Return the instant at which a session unused since `seen_at` is locked."""
    return seen_at + timedelta(minutes=lock_after_minutes)


@guards("token")
def is_locked(*, seen_at: datetime, lock_after_minutes: int, now: datetime) -> bool:
    """Return whether a session is locked; it still is open in the minute before the last."""
    return now >= locks_at(seen_at=seen_at, lock_after_minutes=lock_after_minutes)
