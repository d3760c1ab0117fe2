"""Move the stock of things; it never goes below zero."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from audit.actions import write
from billing.models import Order, OrderLine, Product, StockMove
from billing.policy.shelves import check_stock
from contracts.policy.clauses import keeps


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
    by: Any,
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
    write("stock.moved", by=by, on=held, at=now, facts={"quantity": quantity, "left": held.stock, "why": why})
    return held.stock


def things_of(order: Order) -> dict[Product, int]:
    """Return the things an order ships, and how many of each; what was withdrawn before it left stays here.

    An equivalent its buyer agreed to stands in for what can't be had (LG-S10.1).
    """
    found: dict[Product, int] = {}
    lines = OrderLine.objects.filter(order=order, product__kind=Product.Kind.GOODS)
    for line in lines.select_related("product", "impossible__equivalent").prefetch_related("withdrawn"):
        for product, count in ((line.product, line.to_ship), (line.equivalent, line.instead)):
            if product is not None and count:
                found[product] = found.get(product, 0) + count
    return found


@transaction.atomic
@keeps("LG-S10.1")
def take_from_shelves(*, order: Order, now: datetime) -> int:
    """Return how many things a validated order took; once however often it is called.

    Raises OutOfStock, taking none.
    """
    wanted = things_of(order)
    keys = sorted(product.key for product in wanted)
    held = {
        each.key: each.stock
        for each in Product.objects.select_for_update().filter(key__in=keys).order_by("key")
    }
    if StockMove.objects.filter(order=order, why=StockMove.Why.SOLD).exists():
        return 0
    check_stock({product.key: quantity for product, quantity in wanted.items()}, held)
    for product, quantity in wanted.items():
        if held[product.key] is not None:
            move_stock(
                product=product,
                quantity=-quantity,
                why=StockMove.Why.SOLD,
                order_id=order.pk,
                by=None,
                now=now,
            )
    return sum(wanted.values())


@transaction.atomic
def put_back(*, order: Order, now: datetime) -> int:
    """Return how many things of a cancelled order went back on the shelves; once however often it is called.

    What was put back of it before, one thing at a time, isn't put back again.
    """
    if StockMove.objects.filter(order=order, why=StockMove.Why.GIVEN_BACK).exists():
        return 0
    moved = 0
    for product, count in _taken(order).items():
        if count > 0:
            move_stock(
                product=product,
                quantity=count,
                why=StockMove.Why.GIVEN_BACK,
                order_id=order.pk,
                by=None,
                now=now,
            )
            moved += count
    return moved


def _taken(order: Order) -> dict[Product, int]:
    """Return what an order holds of the shelves.

    Less what is back already, and what isn't there to be put back.
    """
    whys = (StockMove.Why.SOLD, StockMove.Why.INSTEAD, StockMove.Why.RETURNED)
    found: dict[Product, int] = {}
    for move in StockMove.objects.filter(order=order, why__in=whys).select_related("product"):
        found[move.product] = found.get(move.product, 0) - move.quantity
    for line in OrderLine.objects.filter(order=order, impossible__isnull=False).select_related(
        "product", "impossible"
    ):
        if line.product in found and line.gone is not None:
            found[line.product] -= line.gone.quantity
    return found
