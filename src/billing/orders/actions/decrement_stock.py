"""Take from the shelves what an order ships; put it back."""

from datetime import datetime

from django.db import transaction

from audit.policy.actor import Actor
from billing.catalogue.actions.move_stock import move_stock
from billing.catalogue.models import Product, StockMove
from billing.catalogue.policy.shelves import check_stock
from billing.orders.models import Order, OrderLine, UnavailableLine
from contracts.policy.clauses import keeps


def things_of(order: Order) -> dict[Product, int]:
    """Return the things an order ships, and how many of each; what was withdrawn before it left stays here.

    An equivalent its buyer agreed to stands in for what can't be had (LG-S10.1).
    """
    found: dict[Product, int] = {}
    lines = OrderLine.objects.filter(order=order, product__kind=Product.Kind.GOODS)
    for line in lines.select_related("product", "unavailable__substitute").prefetch_related("withdrawn"):
        for product, count in ((line.product, line.to_ship), (line.substitute, line.substitutes)):
            if product is not None and count:
                found[product] = found.get(product, 0) + count
    return found


def ships(order: Order) -> bool:
    """Return whether an order ships something, or waits for its buyer's answer about an equivalent."""
    waits = UnavailableLine.objects.filter(line__order=order, state=UnavailableLine.State.ASKED).exists()
    return waits or bool(things_of(order))


@transaction.atomic
@keeps("LG-S10.1")
def decrement_stock(*, order: Order, now: datetime) -> int:
    """Return how many things a validated order took; once however often it is called.

    Raises OutOfStock, taking none.
    """
    wanted = things_of(order)
    keys = sorted(product.key for product in wanted)
    held = {
        each.key: each.stock
        for each in Product.objects.select_for_update().filter(key__in=keys).order_by("key")
    }
    if StockMove.objects.filter(order=order, why=StockMove.Reason.SOLD).exists():
        return 0
    check_stock({product.key: quantity for product, quantity in wanted.items()}, held)
    for product, quantity in wanted.items():
        if held[product.key] is not None:
            move_stock(
                product=product,
                quantity=-quantity,
                why=StockMove.Reason.SOLD,
                order_id=order.pk,
                by=None,
                now=now,
            )
    return sum(wanted.values())


@transaction.atomic
def restock(*, order: Order, now: datetime) -> int:
    """Return how many things of a cancelled order went back on the shelves; once however often it is called.

    What was put back of it before, one thing at a time, isn't put back again.
    """
    if StockMove.objects.filter(order=order, why=StockMove.Reason.RELEASED).exists():
        return 0
    moved = 0
    for product, count in _taken(order).items():
        if count > 0:
            move_stock(
                product=product,
                quantity=count,
                why=StockMove.Reason.RELEASED,
                order_id=order.pk,
                by=None,
                now=now,
            )
            moved += count
    return moved


def put_on_shelf(*, line: OrderLine, count: int, note: str, by: Actor | None, now: datetime) -> None:
    """Put back so many of a line that haven't left.

    The things themselves first, then the substitutes that stand in for some; what isn't counted, or was never
    taken from the shelves, is left alone.
    """
    here = min(count, line.to_ship)
    taken = _taken(line.order)
    for product, wanted in ((line.product, here), (line.substitute, count - here)):
        back = min(wanted, taken.get(product, 0)) if product is not None else 0
        if product is not None and product.stock is not None and back > 0:
            move_stock(
                product=product,
                quantity=back,
                why=StockMove.Reason.RETURNED,
                order_id=line.order_id,
                note=note,
                by=by,
                now=now,
            )


def _taken(order: Order) -> dict[Product, int]:
    """Return what an order holds of the shelves.

    Less what is back already, and what isn't there to be put back.
    """
    whys = (StockMove.Reason.SOLD, StockMove.Reason.SUBSTITUTED, StockMove.Reason.RETURNED)
    found: dict[Product, int] = {}
    for move in StockMove.objects.filter(order=order, why__in=whys).select_related("product"):
        found[move.product] = found.get(move.product, 0) - move.quantity
    for line in OrderLine.objects.filter(order=order, unavailable__isnull=False).select_related(
        "product", "unavailable"
    ):
        if line.product in found and line.gone is not None:
            found[line.product] -= line.gone.quantity
    return found
