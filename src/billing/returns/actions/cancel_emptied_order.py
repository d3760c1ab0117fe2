"""Let an order go on with what is left of it: no parcel without a thing, no order without anything."""

from datetime import datetime

from agenda.actions import close_obligation
from audit.actions import log_action
from billing.fulfilment.actions.cancel_delivery import cancel_delivery
from billing.orders.actions.decrement_stock import restock, ships
from billing.orders.models import Order
from billing.orders.policy.states import ORDER
from billing.returns.queries.withdrawals import bought


def cancel_emptied_order(*, order: Order, reason: str, now: datetime) -> None:
    """Let a parcel with nothing left in it stay here.

    Drop an order of which nothing is left before it opens.
    """
    details: dict[str, object] = {"cancelled": reason}
    if not ships(order):
        cancel_delivery(order=order, because=details, now=now)
    if not ORDER.allows("empty", order.state) or any(
        each.kept for each in bought(order) if each.kind == "product"
    ):
        return
    restock(order=order, now=now)
    for clause, kind in (("LG-S5.2c", "cancellable"), ("LG-S5.1", "paid-online"), ("LG-S12", "open-access")):
        close_obligation(clause, kind=kind, subject=order.pk, now=now, evidence=details)
    order.mark_cancelled("empty", at=now, reason=reason)
    log_action("order.cancelled", by=None, on=order, at=now, facts={"number": order.number, "reason": reason})
