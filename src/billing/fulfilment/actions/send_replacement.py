"""Send another thing for one that came back.

An order that costs nothing, taken from the shelves, its parcel planned.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from audit.actions import log_action
from billing.catalogue.models.lines import totals_of
from billing.customers.policy.clients import capacity
from billing.fulfilment.actions.plan_delivery import plan_delivery
from billing.fulfilment.models import Return
from billing.money.models import NumberSeries
from billing.money.policy.numbering import document_number
from billing.orders.actions.take_from_shelves import take_from_shelves
from billing.orders.models import Order, OrderLine
from contracts.policy.clauses import keeps


@transaction.atomic
@keeps("LG-S9")
def send_replacement(*, back: Return, by: Any, now: datetime, today: date) -> Order:
    """Return the order that replaces the things of a return, nothing to pay.

    Its parcel leaves on a dispatch day.

    Raises OutOfStock when there is none left to send.
    """
    first = back.order
    rank = NumberSeries.objects.take("order", today.year)
    protected = capacity(first.customer.client).consumer_protections
    order = Order.objects.create(
        number=document_number("order", year=today.year, rank=rank),
        customer=first.customer,
        contact=first.contact,
        method=first.method,
        currency=first.currency,
        confirmed_at=now,
        confirmed_on=today,
        opened_at=now,
        cancellable_on=today + timedelta(days=1),
        state=Order.State.OPEN,
        ownership_on=today,
        risk_on=None if protected else today,
        deliver_to=goes_to.kept() if (goes_to := first.delivery_address) else {},
    )
    sold = OrderLine.objects.filter(order=first, product=back.product).earliest("position")
    line = OrderLine(
        order=order, **(sold.terms() | {"position": 1, "quantity": back.quantity, "unit_net_cents": 0})
    )
    line.save()
    order.put(totals_of([line]))
    take_from_shelves(order=order, now=now)
    plan_delivery(order=order, now=now, today=today)
    log_action(
        "order.replaces", by=by, on=order, at=now, facts={"number": order.number, "return": back.number}
    )
    return order
