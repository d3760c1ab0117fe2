"""Prices as a client reads them once they have bought.

A consumer's include VAT, like those of the shop (LG-S6.1).
"""

from __future__ import annotations

from billing.catalogue.policy.prices import ShownPrice, shown
from billing.catalogue.queries.shown import reads_with_vat
from billing.orders.models import Order, OrderLine
from contracts.policy.clauses import keeps
from tenants.models import Customer


@keeps("LG-S6.1")
def line_shown(line: OrderLine, cents: int, *, customer: Customer) -> ShownPrice:
    """Return an amount of an order's line as its buyer reads it."""
    return shown(cents, line.vat_rate, consumer=reads_with_vat(customer))


def lines_shown(order: Order) -> list[tuple[OrderLine, ShownPrice, ShownPrice]]:
    """Return the lines of an order with the price of one and their amount, as its buyer reads them."""
    details = {"customer": order.customer}
    return [
        (line, line_shown(line, line.unit_net_cents, **details), line_shown(line, line.net_cents, **details))
        for line in order.lines.select_related("site")
    ]
