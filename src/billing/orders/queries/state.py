"""What is so about orders, as every page says it."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from billing.catalogue.models.lines import LineKind
from billing.invoicing.models import Invoice, InvoiceLine, WriteOff
from billing.invoicing.queries.balances import open_invoices, with_credited
from billing.invoicing.queries.credits import lines_standing
from billing.orders.models import Order, OrderLine
from billing.orders.policy.states import order_state


def with_loss(orders: QuerySet[Order]) -> QuerySet[Any]:
    """Return orders with `is_written_off`, `is_credited` and `is_withdrawn`.

    Some of their price was given up and nothing is left to pay; credit notes took back all they asked, but
    for lines that a deposit pays; of
    what they sold its consumer keeps nothing (LG-S22).
    """
    lost = WriteOff.objects.active().filter(invoice__order=OuterRef("pk"))
    left = open_invoices().filter(order=OuterRef("pk"))
    asked = Invoice.objects.invoices().filter(order=OuterRef("pk"), gross_cents__gt=0, is_down_payment=False)
    kept = with_credited(asked).filter(credited_cents__lt=F("gross_cents"))
    given = Invoice.objects.invoices().filter(order=OuterRef("pk"), is_down_payment=True)
    deposits = with_credited(given).filter(credited_cents__lt=F("gross_cents"))
    lines = lines_standing(InvoiceLine.objects.filter(invoice__order=OuterRef("pk")))
    rows: QuerySet[Any] = orders.annotate(
        is_written_off=Exists(lost) & ~Exists(left),
        is_credited=Exists(asked) & ~Exists(kept) & ~(Exists(deposits) & Exists(lines)),
        is_withdrawn=Exists(_lines().exclude(withdrawn=None)) & ~Exists(_lines().filter(not_withdrawn__gt=0)),
    )
    return rows


def _lines() -> QuerySet[Any]:
    """Return what an order sold, with how many of each its buyer didn't withdraw from."""
    refused = Q(withdrawn__back__state="refused")
    gone = Coalesce(Sum("withdrawn__quantity", filter=~refused), Value(0))
    rows = OrderLine.objects.filter(order=OuterRef("pk"), kind=LineKind.PRODUCT).order_by()
    found: QuerySet[Any] = rows.annotate(not_withdrawn=F("quantity") - gone)
    return found


def state_of_order(order: Order) -> str:
    """Return what is so about an order.

    Whether it was given up, credited or withdrawn from is asked where the row doesn't know it.
    """
    row: Any = order
    if not hasattr(order, "is_withdrawn"):
        row = with_loss(Order.objects.filter(pk=order.pk)).get()
    return order_state(
        order.state,
        is_held=order.held_at is not None,
        is_cancellable=order.is_cancellable,
        is_written_off=row.is_written_off,
        is_credited=row.is_credited,
        is_withdrawn=row.is_withdrawn,
    )
