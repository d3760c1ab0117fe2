"""How long a finished export waits for the person who asked."""

from datetime import datetime, timedelta

LINK_DAYS = 7
BUILT_WITHIN = timedelta(hours=24)


def gone_at(*, ready_at: datetime) -> datetime:
    """Return the instant at which a finished export's link stops working and its file is deleted.

    7 times 24 hours.
    """
    return ready_at + timedelta(days=LINK_DAYS)


def is_open(*, now: datetime, ready_at: datetime) -> bool:
    """Return whether a finished export can still be fetched; at the last instant it can't any more."""
    return ready_at <= now < gone_at(ready_at=ready_at)
