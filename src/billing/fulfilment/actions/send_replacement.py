"""Send another thing for one that came back.

An order that costs nothing, taken from the shelves, its parcel planned.
"""

from datetime import date, datetime

from django.db import transaction

from audit.policy.actor import Actor
from billing.fulfilment.actions.plan_delivery import plan_delivery
from billing.fulfilment.models import Return
from billing.orders.actions.create_order import Ordered, OrderedLine, Origin, create_order
from billing.orders.models import Order, OrderLine
from contracts.policy.clauses import keeps


@transaction.atomic
@keeps("LG-S9")
def send_replacement(*, back: Return, by: Actor, now: datetime, today: date) -> Order:
    """Return the order that replaces the things of a return, nothing to pay.

    Its parcel leaves on a dispatch day.

    Raises OutOfStock when there is none left to send.
    """
    first = back.order
    sold = OrderLine.objects.filter(order=first, product=back.product).earliest("position")
    goes_to = first.delivery_address
    ordered = Ordered(
        Origin.REPLACEMENT,
        first.customer,
        first.contact,
        first.method,
        first.currency,
        [
            OrderedLine(
                sold.terms()
                | {"position": 1, "quantity": back.quantity, "unit_net_cents": 0, "unit_gross_cents": None}
            )
        ],
        deliver_to=goes_to.kept() if goes_to else {},
        capacity=first.purchase_capacity,
        facts={"return": back.number},
    )
    order = create_order(ordered=ordered, by=by, now=now, today=today)
    plan_delivery(order=order, now=now, today=today)
    return order
