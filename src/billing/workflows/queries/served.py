"""What of an order has left, or has begun."""

from __future__ import annotations

from billing.catalogue.models import Product
from billing.fulfilment.models import Delivery
from billing.orders.models import Order
from billing.quotes.queries.amendments import is_line_of_this_term
from contracts.policy.clauses import keeps


@keeps("LG-S5.2c", "LG-S5.2d")
def is_served(order: Order) -> bool:
    """Return whether something an open order sold has left or begun: then it can't wait for its money again.

    Things that are here still, and licences that leave with their money, have not; a subscription, a service,
    and what was added to a term that is over have.
    """
    if Delivery.objects.filter(order=order).exclude(state=Delivery.State.PLANNED).exists():
        return True
    sold = order.lines.exclude(product=None).exclude(product__kind=Product.Kind.GOODS)
    return any(
        line.licences_after is None or not is_line_of_this_term(line, order)
        for line in sold.select_related("product")
    )
