"""Move the stock of things; it never goes below zero."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.catalogue.models import Product, StockMove


class NotAThing(Exception):
    """Raised on a product that has no stock."""


class NotThatMany(Exception):
    """Raised when more would be taken than there is; `left` says how many there are."""

    def __init__(self, left: int) -> None:
        super().__init__(f"{left} left")
        self.left = left


@transaction.atomic
def move_stock(
    *,
    product: Product,
    quantity: int,
    why: str,
    note: str = "",
    order_id: UUID | None = None,
    by: Actor | None,
    now: datetime,
) -> int:
    """Return what is left of a thing after so many came (or, below zero, went).

    Raises NotAThing, NotThatMany.
    """
    held = Product.objects.select_for_update().get(pk=product.pk)
    if held.stock is None:
        raise NotAThing(held.key)
    if held.stock + quantity < 0:
        raise NotThatMany(held.stock)
    held.stock += quantity
    held.save(update_fields=["stock"])
    StockMove.objects.create(
        product=held, quantity=quantity, left=held.stock, why=why, note=note, order_id=order_id, moved_at=now
    )
    log_action(
        "stock.moved", by=by, on=held, at=now, facts={"quantity": quantity, "left": held.stock, "why": why}
    )
    return held.stock
