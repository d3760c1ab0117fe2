"""Let the parcel of an order that waits here leave no more."""

from datetime import datetime

from agenda.actions import close_obligation
from audit.actions import log_action
from billing.fulfilment.models import Delivery
from billing.orders.actions.decrement_stock import restock
from billing.orders.models import Order
from contracts.policy.clauses import keeps


def cancel_delivery(*, order: Order, because: dict[str, object], now: datetime) -> Delivery | None:
    """Return the order's parcel, cancelled with what was promised about it.

    None where none waits to leave.
    """
    delivery = Delivery.objects.select_for_update().filter(order=order, state=Delivery.State.PLANNED).first()
    if delivery is None:
        return None
    delivery.mark_cancelled()
    for clause, kind in (("LG-S7", "dispatch"), ("LG-S7c", "delivered")):
        close_obligation(clause, kind=kind, subject=delivery.pk, now=now, evidence=because)
    log_action("delivery.cancelled", by=None, on=delivery, at=now, facts={"number": delivery.number})
    return delivery


@keeps("LG-S5.2d")
def keep_things_here(*, order: Order, because: dict[str, object], now: datetime) -> None:
    """Keep here for good what an order sold that was taken back, and put it on the shelves; what left has
    left.
    """
    had_parcel = Delivery.objects.filter(order=order).exists()
    if cancel_delivery(order=order, because=because, now=now) is not None or not had_parcel:
        restock(order=order, now=now)
