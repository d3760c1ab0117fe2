"""What quotes do about what they hear."""

from datetime import datetime

from billing.orders.models import Order
from billing.quotes.actions.amend_contracts import take_back_amendments
from billing.registry import listens


@listens("order_cancelled")
def its_amendments_are_taken_back(*, order: Order, now: datetime) -> None:
    """Take from running contracts what the order had added."""
    take_back_amendments(order=order, now=now)
