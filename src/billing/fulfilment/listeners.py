"""What fulfilment does about what it hears."""

from datetime import datetime

from billing.fulfilment.actions.cancel_delivery import cancel_delivery
from billing.orders.models import Order
from billing.registry import listens


@listens("order_cancelled")
def its_parcel_leaves_no_more(*, order: Order, now: datetime) -> None:
    """Let the parcel of an order that was open before its money left stay here for good."""
    cancel_delivery(order=order, because={"cancelled": order.number}, now=now)
