"""Mark an order that was not paid in time: it may now be cancelled."""

from datetime import datetime
from uuid import UUID

from audit.actions import write
from billing.models import Order


def mark_cancellable(*, order_id: UUID, now: datetime) -> bool:
    """Return whether the order was still waiting for its money and may be cancelled from now on.

    Clause: LG-S5.2c
    """
    order = Order.objects.select_for_update().get(pk=order_id)
    if order.state != Order.State.WAITING:
        return False
    order.mark_cancellable(at=now)
    write("order.cancellable", by=None, on=order, at=now, facts={"number": order.number})
    return True
