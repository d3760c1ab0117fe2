"""Keepers of orders that wait."""

from datetime import datetime

from agenda.models import Obligation
from agenda.registry import Outcome, keeper, kept_or_moot
from billing.orders.actions.mark_cancellable import mark_cancellable


@keeper("LG-S5.2c", kind="cancellable", where="operator")
def keep_cancellable(obligation: Obligation, *, now: datetime) -> Outcome:
    """Mark an order unpaid after its business days."""
    marked = mark_cancellable(order_id=obligation.subject_id, now=now)
    return kept_or_moot(marked, "paid or cancelled", order=str(obligation.subject_id))
