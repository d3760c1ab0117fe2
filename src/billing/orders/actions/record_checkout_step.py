"""Take an online order's last two steps: the payment, then the confirmation sent."""

from datetime import datetime, timedelta
from uuid import UUID

from agenda.actions import close_obligation, enqueue_message, open_obligation
from agenda.models import OutboxMessage
from audit.actions import log_action
from billing.orders.models import CheckoutSteps, Order
from billing.orders.policy.online_order import CONFIRMATION, PAYMENT, Steps, concluded_at, take
from contracts.policy.clauses import keeps

CONFIRMED_WITHIN = timedelta(minutes=10)


@keeps("LG-S5.1")
def record_payment_step(*, order: Order, now: datetime) -> None:
    """Keep when an online order was paid, or the means of payment saved for after its trial.

    Its wait is over.

    Does nothing for an order that came of a quote or renews.
    """
    steps = CheckoutSteps.objects.select_for_update().filter(order=order).first()
    if steps is None:
        return
    at = max(now, steps.terms_at)  # two machines' clocks may differ by a moment
    steps.paid_at = take(steps_of(steps), PAYMENT, at=at).payment
    steps.save(update_fields=["paid_at"])
    close_obligation("LG-S5.1", kind="paid-online", subject=order.pk, now=now, evidence={"paid": True})


def undo_payment_step(*, order: Order) -> None:
    """Keep that the money of an online order left again before anything opened."""
    CheckoutSteps.objects.filter(order=order, confirmed_at=None).update(paid_at=None)


@keeps("LG-S5.1", "LG-S14.2n", "LG-S22")
def send_confirmation(*, order: Order, now: datetime) -> None:
    """Leave the confirmation of an online order in the outbox.

    With the terms, the withdrawal form, what renews when.
    """
    if not CheckoutSteps.objects.filter(order=order).exists():
        return
    enqueue_message(
        "billing/order_concluded", ids={"order": order.pk}, now=now, key=confirmation_key(order.pk)
    )
    open_obligation(
        "LG-S5.1",
        kind="confirmation-sent",
        subject=order.pk,
        due_at=now + CONFIRMED_WITHIN,
        run_at=now,
        now=now,
    )


@keeps("LG-S5.1")
def record_confirmation(*, order_id: UUID, now: datetime) -> datetime | None:
    """Return when an online order was concluded: its confirmation was sent; None while that waits."""
    steps = CheckoutSteps.objects.select_for_update().select_related("order").get(order_id=order_id)
    sent = OutboxMessage.objects.filter(
        key=confirmation_key(order_id), state=OutboxMessage.State.SENT
    ).first()
    if sent is None or sent.sent_at is None:
        return None
    taken = take(steps_of(steps), CONFIRMATION, at=max(sent.sent_at, steps.paid_at or sent.sent_at))
    steps.confirmed_at = taken.confirmation
    steps.save(update_fields=["confirmed_at"])
    log_action("order.concluded", by=None, on=steps.order, at=now, facts={"number": steps.order.number})
    return concluded_at(taken)


def steps_of(steps: CheckoutSteps) -> Steps:
    """Return the steps of an order as their policy reads them."""
    return Steps(steps.cart_confirmed_at, steps.terms_at, steps.paid_at, steps.confirmed_at)


def confirmation_key(order_id: UUID) -> str:
    """Return the name under which an order's confirmation is sent once.

    A monthly term's first notice stands in it.
    """
    return f"order-confirmed:{order_id}"
