"""Cancel an order placed online that nobody paid within its day, so that what it held is for others again."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from audit.actions import log_action
from billing.orders.actions.decrement_stock import restock
from billing.orders.actions.refuse_cart import tell_refusal
from billing.orders.models import Order, Refusal
from billing.orders.policy.cart import ONLINE
from billing.orders.policy.online_order import UNPAID
from billing.orders.policy.states import ORDER


@transaction.atomic
def drop_unpaid_order(*, order_id: UUID, now: datetime, today: date) -> bool:
    """Return whether an order never paid online was cancelled.

    Its things are back on the shelves, the buyer is told.

    One whose money is on its way has its invoice already and waits for it; so does one now paid by hand.
    """
    order = Order.objects.select_for_update(of=("self",)).select_related("contact").get(pk=order_id)
    if not ORDER.allows("drop", order.state) or order.method not in ONLINE or order.invoices.exists():
        return False
    restock(order=order, now=now)
    order.mark_cancelled("drop", at=now, reason=UNPAID)
    log_action("order.cancelled", by=None, on=order, at=now, facts={"number": order.number, "reason": UNPAID})
    refusal = Refusal.objects.create(
        order=order,
        contact=order.contact,
        reason=UNPAID,
        language=order.language,
        refused_at=now,
        refused_on=today,
    )
    tell_refusal(refusal, now=now)
    return True
