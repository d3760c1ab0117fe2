"""What keeps a parcel here, as every page says it: what is overdue, what its order isn't paid any more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from billing.collections.queries.owed import Owed, overdue_of
from billing.fulfilment.models import Delivery
from billing.fulfilment.policy.delivery import is_withheld
from billing.fulfilment.queries.deliveries import unfunded_invoices
from billing.orders.models import Order
from contracts.policy.clauses import keeps


@dataclass(frozen=True, slots=True)
class Hold:
    """What is to be paid before a parcel leaves: what its client owes late, and what its order isn't paid."""

    overdue: list[Owed]
    unfunded: list[Owed]

    @property
    def owed(self) -> list[Owed]:
        """Return all of it, each document once."""
        known = {each.about.pk for each in self.overdue}
        return [*self.overdue, *(each for each in self.unfunded if each.about.pk not in known)]


@keeps("LG-S6.3x", "LG-S5.2d")
def holds_of(orders: Collection[Order], today: date) -> dict[UUID, Hold]:
    """Return what keeps the parcels of these paid orders here; those that may leave are left out."""
    late = overdue_of({order.customer_id for order in orders}, today)
    unfunded: dict[UUID | None, list[Owed]] = {}
    for invoice in unfunded_invoices([order.pk for order in orders]):
        owed = Owed(invoice, invoice.unfunded_cents, invoice.falls_due_on)
        unfunded.setdefault(invoice.order_id, []).append(owed)
    found = {order.pk: Hold(late.get(order.customer_id, []), unfunded.get(order.pk, [])) for order in orders}
    return {key: hold for key, hold in found.items() if _holds(hold)}


def _holds(hold: Hold) -> bool:
    overdue = sum(each.left_cents for each in hold.overdue)
    return is_withheld(overdue_cents=overdue, unfunded_cents=sum(each.left_cents for each in hold.unfunded))


def hold_of(order: Order, today: date) -> Hold | None:
    """Return what keeps the parcel of an order here; None where it may leave, left, or holds nothing.

    An order that isn't paid yet has no parcel: what is overdue keeps it here all the same.
    """
    delivery: Delivery | None = getattr(order, "delivery", None)
    if order.state == Order.State.CANCELLED or (delivery is None and order.leaves_on is None):
        return None
    if delivery is not None and delivery.state != Delivery.State.PLANNED:
        return None
    if delivery is not None:
        return holds_of([order], today).get(order.pk)
    late = overdue_of([order.customer_id], today).get(order.customer_id)
    return Hold(late, []) if late else None


@keeps("LG-S7")
def has_parcel(order: Order) -> bool:
    """Return whether a parcel of an order leaves, or left: nothing is to leave of what was taken back."""
    if order.state == Order.State.CANCELLED:
        return False
    delivery = Delivery.objects.filter(order=order).first()
    if delivery is not None:
        return delivery.state != Delivery.State.CANCELLED
    waits = order.state in (Order.State.AWAITING_PAYMENT, Order.State.READY)
    rows = order.lines.filter(product__kind="goods").select_related("unavailable")
    return waits and any(line.to_ship or line.substitutes for line in rows.prefetch_related("withdrawn"))
