"""How long an invitation lives, and what an invited person does first."""

from datetime import datetime, timedelta

from contracts.policy.clauses import keeps
from isolation.policy.guards import guards

VALID = timedelta(days=14)


class TermsComeFirst(Exception):
    """Raised when an invited person tries to go on without having accepted the terms."""


def expires_at(sent_at: datetime) -> datetime:
    """Return the instant from which an invitation's link opens nothing, counted in hours of UTC."""
    return sent_at + VALID


@guards("token")
def state(
    *, now: datetime, expires_at: datetime, accepted_at: datetime | None, cancelled_at: datetime | None
) -> str:
    """Return "accepted", "cancelled", "expired" or "open"."""
    if accepted_at is not None:
        return "accepted"
    if cancelled_at is not None:
        return "cancelled"
    return "expired" if now >= expires_at else "open"


@keeps("LG-U3.3i")
def next_step(*, terms_accepted: bool, password_set: bool) -> str:
    """Return what an invited person does next: "terms", then "password", then "enter".

    A password set first doesn't count: the terms are accepted before anything else.
    """
    if not terms_accepted:
        return "terms"
    return "enter" if password_set else "password"
