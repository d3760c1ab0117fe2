"""Put a pending order on hold while its client owes something overdue; it goes on once nothing is."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from agenda.actions import close_obligation
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.orders.actions.mark_order_ready import schedule_opening
from billing.orders.models import Order
from billing.orders.queries.pending import is_overdue, may_be_stopped
from contracts.policy.clauses import keeps


class NothingOverdue(Exception):
    """Raised when the order isn't pending, or its client owes nothing overdue."""


@transaction.atomic
@keeps("LG-S6.3x")
def hold_order(*, order_id: UUID, by: Actor, now: datetime, today: date) -> Order:
    """Return the order, on hold: nothing of it opens, be it paid. Raises NothingOverdue."""
    order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
    if not may_be_stopped(order, today=today):
        raise NothingOverdue(order.number)
    order.hold(at=now)
    close_obligation("LG-S12", kind="open-access", subject=order.pk, now=now, evidence={"held": order.number})
    log_action("order.held", by=by, on=order, at=now, facts={"number": order.number})
    return order


@transaction.atomic
@keeps("LG-S6.3x")
def resume_orders(*, customer_id: UUID, now: datetime, today: date) -> int:
    """Return how many orders of a client go on because nothing of theirs is overdue any more."""
    rows = Order.objects.select_for_update(of=("self",)).filter(customer_id=customer_id)
    resumed = 0
    for order in rows.filter(held_at__isnull=False).exclude(state=Order.State.CANCELLED):
        if is_overdue(order, today=today):
            return 0
        order.hold(at=None)
        log_action("order.resumed", by=None, on=order, at=now, facts={"number": order.number})
        if order.state == Order.State.READY:
            schedule_opening(order, now=now)
        resumed += 1
    return resumed
