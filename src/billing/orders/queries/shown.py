"""Prices as a client reads them once they have bought.

A consumer's include VAT, like those of the shop (LG-S6.1).
"""

from __future__ import annotations

from billing.catalogue.policy.prices import ShownPrice, shown
from billing.orders.models import Order, OrderLine
from contracts.policy.clauses import keeps


@keeps("LG-S6.1")
def line_shown(line: OrderLine, cents: int, *, with_vat: bool) -> ShownPrice:
    """Return an amount of an order's line as its buyer reads it."""
    return shown(cents, line.vat_rate, consumer=with_vat)


def lines_shown(order: Order) -> list[tuple[OrderLine, ShownPrice, ShownPrice]]:
    """Return the lines of an order with the price of one and their amount, as its buyer reads them."""
    told = {"with_vat": order.is_consumer_protected}
    return [
        (line, line_shown(line, line.unit_net_cents, **told), line_shown(line, line.net_cents, **told))
        for line in order.lines.select_related("site")
    ]
