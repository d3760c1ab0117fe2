"""How long an unconfirmed upload keeps its rows."""

from datetime import datetime, timedelta

WEEK = timedelta(days=7)


def rows_kept_until(uploaded_at: datetime) -> datetime:
    """Return when the rows of an upload nobody confirmed are forgotten."""
    return uploaded_at + WEEK
