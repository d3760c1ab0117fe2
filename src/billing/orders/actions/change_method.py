"""Pay an order placed online in another way: the card was refused, or one would rather make a transfer."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from agenda.actions import close_obligation
from audit.actions import log_action
from billing.catalogue.policy.methods import CHEQUE, MethodRefused
from billing.orders.actions.payment_deadline import schedule_unpaid
from billing.orders.actions.place_order import invoice_now
from billing.orders.actions.price_cart import ways_to_pay
from billing.orders.models import Order
from billing.orders.policy.cart import ONLINE
from billing.payments.gateways.stripe_checkout import close_page
from billing.payments.models import Checkout
from contracts.policy.clauses import keeps


@transaction.atomic
@keeps("LG-S6.2")
def change_method(*, order_id: UUID, method: str, now: datetime, today: date) -> Order:
    """Return the order, waiting for its money by another method that all it holds allows.

    By transfer its invoice is issued now. A cheque has a fee of its own and isn't offered any more; a trial
    is only for who pays online. Raises MethodRefused, Unreachable.
    """
    order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
    if (
        order.state != Order.State.AWAITING_PAYMENT
        or order.invoices.exists()
        or method not in other_ways(order)
    ):
        raise MethodRefused(method)
    if method == order.method:
        return order
    if method not in ONLINE:
        for page in order.checkouts.filter(state=Checkout.State.OPEN).exclude(session_id=None):
            close_page(page.session_id or "")  # nobody pays twice
    order.choose_method(method)
    close_obligation("LG-S5.1", kind="paid-online", subject=order.pk, now=now, evidence={"method": method})
    log_action(
        "order.method_changed", by=None, on=order, at=now, facts={"number": order.number, "method": method}
    )
    schedule_unpaid(order=order, is_online=method in ONLINE, now=now)
    invoice_now(order, now, today)
    return order


def other_ways(order: Order) -> tuple[str, ...]:
    """Return how a waiting order may be paid: what all it holds allows.

    Online only where a trial comes first.
    """
    lines = order.lines.exclude(product=None).select_related("product")
    sold = [(line.product, line.quantity) for line in lines if line.product]
    found = ways_to_pay(sold, [], order.currency, consumer=order.is_consumer_protected)
    return tuple(way for way in found if way != CHEQUE and (way in ONLINE or not order.trial_days))
