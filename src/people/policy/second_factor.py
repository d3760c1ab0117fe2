"""When an administrator's account opens no sensitive page any more without a second factor."""

from __future__ import annotations

from datetime import datetime, timedelta

GRACE = timedelta(days=14)

#: Rights whose pages show or give out the data of others.
GUARDED = frozenset(
    {
        "people.read",
        "people.write",
        "roles.write",
        "invitations.write",
        "sessions.revoke",
        "exports.ask",
        "privacy.read",
        "privacy.write",
        "erasures.write",
    }
)


def needed_from(first_seen_at: datetime | None) -> datetime | None:
    """Return from when on the second factor is needed: fourteen days after the first sign-in.

    None for who never signed in.
    """
    return first_seen_at + GRACE if first_seen_at else None


def is_needed(right: str, *, first_seen_at: datetime | None, is_administrator: bool, now: datetime) -> bool:
    """Return whether a page that asks for a right waits for a second factor (ASVS 6.3.3)."""
    since = needed_from(first_seen_at)
    return is_administrator and right in GUARDED and since is not None and now >= since
