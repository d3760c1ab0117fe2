"""Promise to mark an order that isn't paid in time, and mark it: it may then be cancelled."""

from datetime import date, datetime, timedelta
from uuid import UUID

from audit.actions import log_action
from billing.collections.actions.promises import promise_days
from billing.invoicing.models import Invoice
from billing.invoicing.policy.pauses import due_after_pauses
from billing.invoicing.queries.pauses import pauses_by_invoice
from billing.money.policy.days import paris_day
from billing.orders.models import Order
from billing.orders.policy.orders import is_cancellable
from billing.orders.queries.asked import asked_for
from contracts.policy.clauses import keeps


@keeps("LG-S5.2c")
def schedule_cancellable(*, order: Order, now: datetime, keeps_others: bool = False) -> None:
    """Promise to mark an order cancellable on its day, once its business days have passed unpaid.

    Another day that was promised is dropped; the same day is promised again however often it was before.
    `keeps_others`: called while the promise of another day is being kept.
    """
    promise_days(
        "LG-S5.2c",
        kind="cancellable",
        subject=order.pk,
        days=[order.cancellable_on],
        now=now,
        why={"deferred": True},
        keeps_others=keeps_others,
    )


def _is_paid_so_far(order: Order) -> bool:
    """Return whether all that was asked of an order is paid: what is left was not asked yet."""
    asked = asked_for(order)
    return bool(asked) and all(each.left_cents <= 0 and not each.was_written_off for each in asked)


@keeps("LG-S20.3m")
def see_to_cancellable_again(*, order: Order, now: datetime) -> None:
    """Let an order that may be cancelled be seen to again: an event may suspend its payment from now on."""
    if order.cancellable_since is not None:
        order.postpone(to=order.cancellable_on)
        schedule_cancellable(order=order, now=now)


@keeps("LG-S20.3m")
def _after_events(order: Order, today: date) -> date | None:
    """Return the day an order is seen to again whose day fell into an event that suspends its payment.

    Tomorrow while nobody knows the end; None where no event holds it.
    """
    invoices = list(Invoice.objects.filter(order=order).values_list("pk", flat=True))
    pauses = [pause for rows in pauses_by_invoice(invoices).values() for pause in rows]
    later = due_after_pauses(max(order.cancellable_on, today), pauses)
    if later <= today:
        return None
    return today + timedelta(days=1) if later == date.max else later


@keeps("LG-S5.2c")
def mark_cancellable(*, order_id: UUID, now: datetime) -> bool:
    """Return whether the order was still waiting for its money and may be cancelled from now on."""
    order = Order.objects.select_for_update().get(pk=order_id)
    is_paid = order.state != Order.State.AWAITING_PAYMENT or _is_paid_so_far(order)
    if not is_paid and (later := _after_events(order, paris_day(now))):
        order.postpone(to=later)
        schedule_cancellable(order=order, now=now, keeps_others=True)
        return False
    if not is_cancellable(cancellable_on=order.cancellable_on, today=paris_day(now), is_paid=is_paid):
        return False
    order.mark_cancellable(at=now)
    log_action("order.cancellable", by=None, on=order, at=now, facts={"number": order.number})
    return True
