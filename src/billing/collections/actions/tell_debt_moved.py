"""Tell that what a client owes may have changed: whoever waits for it looks again."""

from datetime import datetime
from uuid import UUID

from billing.registry import announce


def tell_debt_moved(customer_id: UUID, *, now: datetime) -> None:
    """Announce it: less may be overdue, or more; what follows is drawn from what stands."""
    announce("debt_moved", customer_id=customer_id, now=now)
