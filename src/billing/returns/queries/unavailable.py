"""What may stand in for a thing that can't be had any more, and at which price."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from billing.catalogue.models import Price, Product
from billing.catalogue.policy.prices import NotOnTheList
from billing.catalogue.policy.shelves import substitute_price
from billing.catalogue.queries.catalogue import price_book
from billing.fulfilment.models import Delivery
from billing.orders.models import Order, OrderLine, UnavailableLine
from contracts.policy.clauses import keeps


def missing_lines(order: Order) -> list[OrderLine]:
    """Return the lines of an order of which something could still turn out not to be there."""
    rows = order.lines.filter(product__kind="goods", unavailable=None).select_related("product")
    return [line for line in rows.prefetch_related("withdrawn") if line.to_ship]


def may_be_unavailable(order: Order) -> bool:
    """Return whether something of an order waits to leave, and could turn out not to be there."""
    if order.state == Order.State.CANCELLED:
        return False
    left = Delivery.objects.filter(order=order).exclude(state=Delivery.State.PLANNED).exists()
    return not left and bool(missing_lines(order))


def unavailable_lines_of(order: Order) -> list[UnavailableLine]:
    """Return what couldn't be had of an order, with what was proposed and credited."""
    rows = UnavailableLine.objects.filter(line__order=order).select_related("line", "substitute")
    return list(rows.prefetch_related("credits__note"))


@keeps("LG-S10.1")
def substitutes(line: OrderLine, *, on: date) -> dict[UUID, tuple[Product, int]]:
    """Return what may stand in for a line's thing, each with what one of it costs the client, excluding VAT.

    Things on sale in the order's currency that bear the same VAT: the invoice's own is then right for them
    too.
    """
    on_shelves = Product.objects.on_sale(on).physical().exclude(stock=0)
    there = [each for each in on_shelves if each.pk != line.product_id]
    book = price_book(on, currency=line.order.currency, products=there)
    key = Price.objects.filter(product=line.product_id).order_by("-price_list__starts_on").first()
    found = {}
    for product in there:
        if key is not None and any(price.tax_key != key.tax_key for price in book.prices.get(product.pk, [])):
            continue
        try:
            listed = book.asked(product, quantity=line.quantity).net_cents
        except NotOnTheList:
            continue
        found[product.pk] = (product, substitute_price(paid_cents=line.unit_net_cents, listed_cents=listed))
    return found
