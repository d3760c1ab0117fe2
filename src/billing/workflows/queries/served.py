"""What of an order has left, or has begun."""

from __future__ import annotations

from billing.catalogue.models import Product
from billing.fulfilment.models import Delivery
from billing.orders.models import Order, OrderLine
from billing.quotes.queries.amendments import is_line_of_this_term
from billing.subscriptions.models import SubscriptionTerm
from contracts.policy.clauses import keeps


@keeps("LG-S5.2c", "LG-S5.2d")
def is_served(order: Order) -> bool:
    """Return whether something an open order sold has left or begun: then it can't wait for its money again.

    Things that are here still, licences that leave with their money, a renewal before its term and what was
    withdrawn from have not; a term that began, a service, and what was added to a term that is over have.
    """
    if Delivery.objects.filter(order=order).exclude(state=Delivery.State.PLANNED).exists():
        return True
    sold = order.lines.exclude(product=None).exclude(product__kind=Product.Kind.GOODS)
    rows = sold.select_related("product").prefetch_related("withdrawn__back")
    return any(_has_begun(line, order) for line in rows if line.kept)


def _has_begun(line: OrderLine, order: Order) -> bool:
    if line.licences_after is not None:
        return line.added_at is not None and not is_line_of_this_term(line, order)
    if line.contract_id is None:
        return True
    return SubscriptionTerm.objects.filter(order=order, subscription__contract=line.contract_id).exists()
