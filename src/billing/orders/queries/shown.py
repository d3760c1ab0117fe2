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
    if cents == line.unit_net_cents:
        return unit_shown(line, with_vat=with_vat)
    return shown(cents, line.vat_rate, consumer=with_vat)


@keeps("LG-S6.1")
def unit_shown(line: OrderLine, *, with_vat: bool) -> ShownPrice:
    """Return the price of one as its buyer reads it."""
    return shown(line.unit_net_cents, line.vat_rate, consumer=with_vat, gross_cents=line.unit_gross_cents)


@keeps("LG-S6.1")
def total_shown(line: OrderLine, *, with_vat: bool) -> ShownPrice:
    """Return the amount of a line as its buyer reads it, and is charged it."""
    return shown(line.net_cents, line.vat_rate, consumer=with_vat, gross_cents=line.gross_cents)


def lines_shown(order: Order) -> list[tuple[OrderLine, ShownPrice, ShownPrice]]:
    """Return the lines of an order with the price of one and their amount, as its buyer reads them."""
    told = {"with_vat": order.is_consumer_protected}
    return [
        (line, unit_shown(line, **told), total_shown(line, **told))
        for line in order.lines.select_related("site")
    ]
