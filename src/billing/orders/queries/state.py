"""What is so about orders, as every page says it."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from billing.invoicing.models import WriteOff
from billing.invoicing.queries.balances import open_invoices
from billing.orders.models import Order
from billing.orders.policy.states import order_state


def with_loss(orders: QuerySet[Order]) -> QuerySet[Any]:
    """Return orders with `is_written_off`: some of their price was given up, and nothing is left to pay."""
    lost = WriteOff.objects.active().filter(invoice__order=OuterRef("pk"))
    left = open_invoices().filter(order=OuterRef("pk"))
    rows: QuerySet[Any] = orders.annotate(is_written_off=Exists(lost) & ~Exists(left))
    return rows


def state_of_order(order: Order) -> str:
    """Return what is so about an order; whether it was written off is asked where the row doesn't know it."""
    row: Any = order
    if not hasattr(order, "is_written_off"):
        row = with_loss(Order.objects.filter(pk=order.pk)).get()
    return order_state(
        order.state,
        is_held=order.held_at is not None,
        is_cancellable=order.is_cancellable,
        is_written_off=row.is_written_off,
    )
