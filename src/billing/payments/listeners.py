"""What money does when other subjects tell that something changed."""

from datetime import date, datetime
from uuid import UUID

from billing.payments.actions.cover_order import cover_order
from billing.registry import listens


@listens("order_credited")
def pay_what_the_order_asks(*, order_id: UUID | None, now: datetime, today: date) -> None:
    """Let what the credit notes of an order owe pay what it still asks."""
    cover_order(order_id, now=now, today=today)
