"""Promise to mark an order that isn't paid in time, and mark it: it may then be cancelled."""

from datetime import datetime
from uuid import UUID

from audit.actions import log_action
from billing.collections.actions.promises import promise_days
from billing.money.policy.days import paris_day
from billing.orders.models import Order
from billing.orders.policy.orders import is_cancellable
from contracts.policy.clauses import keeps


@keeps("LG-S5.2c")
def schedule_cancellable(*, order: Order, now: datetime) -> None:
    """Promise to mark an order cancellable on its day, once its business days have passed unpaid.

    Another day that was promised is dropped; the same day is promised again however often it was before.
    """
    promise_days(
        "LG-S5.2c",
        kind="cancellable",
        subject=order.pk,
        days=[order.cancellable_on],
        now=now,
        why={"deferred": True},
    )


@keeps("LG-S5.2c")
def mark_cancellable(*, order_id: UUID, now: datetime) -> bool:
    """Return whether the order was still waiting for its money and may be cancelled from now on."""
    order = Order.objects.select_for_update().get(pk=order_id)
    is_paid = order.state != Order.State.AWAITING_PAYMENT
    if not is_cancellable(cancellable_on=order.cancellable_on, today=paris_day(now), is_paid=is_paid):
        return False
    order.mark_cancellable(at=now)
    log_action("order.cancellable", by=None, on=order, at=now, facts={"number": order.number})
    return True
