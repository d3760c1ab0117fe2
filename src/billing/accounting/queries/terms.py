"""What a term of a subscription was really invoiced, less its part of the discounts and the credits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from billing.invoicing.models import InvoiceLine
from billing.money.policy.money import round_cents
from billing.orders.models import OrderLine
from billing.subscriptions.models import SubscriptionTerm


@dataclass(frozen=True, slots=True)
class TermInvoiced:
    """The price of a term less discounts, and what was credited of it, and when."""

    net_cents: int
    credits: tuple[tuple[date, int], ...] = ()


@dataclass(slots=True)
class _Order:
    """What an order was invoiced for its products, its discounts, and the credits of each, by line."""

    sold_cents: int = 0
    discount_cents: int = 0
    credits: list[tuple[int, date, int]] = field(default_factory=list)
    discounts_credited: list[tuple[date, int]] = field(default_factory=list)
    contracts: dict[int, UUID | None] = field(default_factory=dict)


def terms_invoiced(terms: Collection[SubscriptionTerm]) -> dict[UUID, TermInvoiced]:
    """Return what each term was invoiced, in two statements.

    A discount of an order is shared out by price; a credit is that of the line it takes back.
    """
    orders = _orders({term.order_id for term in terms})
    for sold in OrderLine.objects.filter(order__in=orders):
        orders[sold.order_id].contracts[sold.position] = sold.contract_id
    return {term.pk: _of(term, orders[term.order_id]) for term in terms}


def lines_invoiced(lines: Collection[OrderLine]) -> dict[UUID, int]:
    """Return what each line of an order comes to, net of its share of the discount, in one statement."""
    orders = _orders({line.order_id for line in lines})
    found = {}
    for line in lines:
        order, cents = orders[line.order_id], line.quantity * line.unit_net_cents
        part = Decimal(cents) / order.sold_cents if order.sold_cents else Decimal(0)
        found[line.pk] = cents + round_cents(order.discount_cents * part)
    return found


def _orders(order_ids: Collection[UUID]) -> dict[UUID, _Order]:
    """Return what was invoiced of orders and credited since."""
    orders = {order_id: _Order() for order_id in order_ids}
    lines = InvoiceLine.objects.filter(invoice__order__in=orders, kind__in=("product", "discount"))
    for line in lines.select_related("invoice", "credits"):
        _count(orders[line.invoice.order_id], line)  # type: ignore[index]  # filtered by order
    return orders


def _count(order: _Order, line: InvoiceLine) -> None:
    if line.credits is not None:
        if line.kind == "discount":
            order.discounts_credited.append((line.invoice.issued_on, line.net_cents))
        else:
            order.credits.append((line.credits.position, line.invoice.issued_on, line.net_cents))
    elif line.kind == "discount":
        order.discount_cents += line.net_cents
    else:
        order.sold_cents += line.net_cents


def _of(term: SubscriptionTerm, order: _Order) -> TermInvoiced:
    part = Decimal(term.net_cents) / order.sold_cents if order.sold_cents else Decimal(0)
    contract_id = term.subscription.contract_id
    mine = [
        (on, cents) for position, on, cents in order.credits if order.contracts.get(position) == contract_id
    ]
    shared = [(on, round_cents(cents * part)) for on, cents in order.discounts_credited]
    return TermInvoiced(term.net_cents + round_cents(order.discount_cents * part), (*mine, *shared))
