"""Send money back by itself that came for an order after it was cancelled."""

from datetime import date, datetime

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from billing.orders.models import Order
from billing.payments.actions.announce_money import announce_refund_moved
from billing.payments.actions.refund_payment import refund_payment
from billing.payments.models import Checkout, Payment, Refund
from billing.payments.policy.online import ProviderPayment, is_refundable
from billing.payments.queries.money import unallocated_of
from contracts.policy.clauses import keeps

ORDER_CANCELLED = "order cancelled"


def arrived_after_cancellation(checkout: Checkout) -> bool:
    """Return whether the money of an attempt came after its order was cancelled."""
    if checkout.order_id is None or checkout.payment is None:
        return False
    order = Order.objects.get(pk=checkout.order_id)
    return order.cancelled_at is not None and checkout.payment.created_at >= order.cancelled_at


@keeps("LG-S6.2k")
def refund_late_payment(
    payment: Payment, standing: ProviderPayment, *, now: datetime, today: date
) -> Refund | None:
    """Return the refund of what is left of a payment, asked and told with its reason.

    None while it can't be made.

    What was asked and not sent yet is dropped when the payer's bank asks for the money itself. A person sees
    to it where a refund came back.
    """
    if not is_refundable(standing):
        drop_unsent(payment, now=now, today=today)
        return None
    came_back = payment.refunds.filter(failed_on__isnull=False, provider_id__isnull=False).exists()
    free = unallocated_of(payment)
    if came_back or free <= 0:
        return None
    refund = refund_payment(
        payment_id=payment.id, amount_cents=free, reason=ORDER_CANCELLED, by=None, now=now, today=today
    )
    enqueue_message(
        "billing/money_sent_back", ids={"refund": refund.id}, now=now, key=f"money-sent-back:{refund.id}"
    )
    wake_worker()
    return refund


def drop_unsent(payment: Payment, *, now: datetime, today: date) -> None:
    """Drop the refunds that the provider was never asked for: the money isn't there to be given."""
    for refund in payment.refunds.filter(made_on=None, failed_on=None, provider_id=None):
        refund.mark_failed(on=today)
        announce_refund_moved(refund, now=now)
        log_action("refund.failed", by=None, on=payment, at=now, facts={"amount_cents": refund.amount_cents})
