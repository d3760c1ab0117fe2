"""What leaves on which day, and what stays here because something is overdue."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Greatest

from billing.catalogue.models import Product
from billing.collections.queries.overdue import overdue_by_customer
from billing.fulfilment.models import Delivery
from billing.fulfilment.policy.delivery import is_withheld
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import with_balance
from billing.money.labels import address_lines
from billing.money.policy.address import Address
from billing.orders.models import OrderLine, UnavailableLine
from contracts.policy.clauses import keeps


@dataclass(frozen=True, slots=True)
class Packed:
    """A thing in a parcel: a line's own, or the equivalent its buyer agreed to."""

    product: Product
    description: str
    to_ship: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel as it is packed: what goes in, where it goes, and whether it may leave.

    `waits` says that its buyer is asked about an equivalent: it leaves with their answer.
    """

    delivery: Delivery
    things: list[Packed]
    address: list[str]
    withheld: bool
    waits: bool = False


@dataclass(frozen=True, slots=True)
class PickingList:
    """All parcels of a day, and how many of each thing to fetch from the shelves."""

    day: date
    parcels: list[Parcel]
    to_fetch: list[tuple[str, str, int]]  # key, French name, how many


@keeps("LG-S5.2d")
def unfunded_invoices(order_ids: Collection[UUID]) -> QuerySet[Any]:
    """Return the invoices not paid today of the orders among these that were paid when they opened.

    With `unfunded_cents`: what is left to pay, and what was given up, which is no money either. A trial is
    paid at its end: its order is none of them before. Specific terms signed with a quote let its order leave
    unpaid.
    """
    rows = with_balance(Invoice.objects.invoices()).filter(order__in=order_ids, kind=Invoice.Kind.INVOICE)
    rows = rows.annotate(unfunded_cents=Greatest(F("balance_cents"), 0) + F("written_off_cents"))
    found: QuerySet[Any] = rows.filter(unfunded_cents__gt=0)
    return found.exclude(order__version__specific_terms_digest__gt="")


def unfunded_by_order(order_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return what isn't paid today of each of these orders, in cents."""
    sums = unfunded_invoices(order_ids).order_by().values("order").annotate(total=Sum("unfunded_cents"))
    return dict(sums.values_list("order", "total"))


@keeps("LG-S7", "LG-S6.3x")
def picking_list(day: date, *, today: date) -> PickingList:
    """Return the picking list of a day; what is withheld is on it and not to be fetched."""
    deliveries = list(
        Delivery.objects.to_ship()
        .of_day(day)
        .select_related("order__customer", "order__version", "order__steps")
    )
    lines = _things(delivery.order_id for delivery in deliveries)
    asked = asked_about(delivery.order_id for delivery in deliveries)
    late = overdue_by_customer({delivery.order.customer_id for delivery in deliveries}, today)
    unfunded = unfunded_by_order({delivery.order_id for delivery in deliveries})
    parcels = [
        Parcel(
            delivery,
            lines.get(delivery.order_id, []),
            address_of(delivery),
            is_withheld(
                overdue_cents=late.get(delivery.order.customer_id, 0),
                unfunded_cents=unfunded.get(delivery.order_id, 0),
            ),
            delivery.order_id in asked,
        )
        for delivery in deliveries
    ]
    return PickingList(day, parcels, _to_fetch(parcels))


def asked_about(order_ids: Iterable[UUID]) -> set[UUID]:
    """Return the orders among these whose buyer is asked about an equivalent (LG-S10.1)."""
    rows = UnavailableLine.objects.filter(
        line__order_id__in=list(order_ids), state=UnavailableLine.State.ASKED
    )
    return set(rows.values_list("line__order_id", flat=True))


def _things(order_ids: Iterable[UUID]) -> dict[UUID, list[Packed]]:
    rows = OrderLine.objects.filter(order_id__in=list(order_ids), product__kind="goods")
    rows = rows.select_related(
        "product", "unavailable__substitute", "order__version", "order__steps", "order__customer"
    )
    found: dict[UUID, list[Packed]] = {}
    for row in rows.prefetch_related("withdrawn").order_by("position"):
        if packed := list(_packed(row)):
            found.setdefault(row.order_id, []).extend(packed)
    return found


def _packed(line: OrderLine) -> Iterator[Packed]:
    assert line.product is not None
    if line.to_ship:
        yield Packed(line.product, line.description, line.to_ship)
    if line.substitutes and line.substitute is not None:
        yield Packed(line.substitute, line.substitute.name(line.order.language), line.substitutes)


def things_in(delivery: Delivery) -> list[Packed]:
    """Return what a parcel holds."""
    return _things([delivery.order_id]).get(delivery.order_id, [])


def things_here(invoice: Invoice) -> dict[int, int]:
    """Return by line position how many things an invoice's order sells that haven't left.

    None of a deposit's. What its buyer is asked about waits for their answer.
    """
    if invoice.order_id is None or invoice.is_down_payment:
        return {}
    gone = Delivery.objects.filter(order=invoice.order_id).exclude(state=Delivery.State.PLANNED)
    if gone.exists():
        return {}
    rows = OrderLine.objects.filter(order=invoice.order_id, product__kind="goods")
    rows = rows.select_related("unavailable").prefetch_related("withdrawn")
    return {line.position: count for line in rows if (count := line.to_ship + line.substitutes)}


def _to_fetch(parcels: Iterable[Parcel]) -> list[tuple[str, str, int]]:
    found: dict[tuple[str, str], int] = {}
    for parcel in parcels:
        if parcel.withheld or parcel.waits:
            continue
        for line in parcel.things:
            key = (line.product.key, line.product.name_fr)
            found[key] = found.get(key, 0) + line.to_ship
    return [(key, name, quantity) for (key, name), quantity in sorted(found.items())]


def address_of(delivery: Delivery) -> list[str]:
    """Return where a parcel goes, line by line: the delivery address of the order, else the customer's."""
    customer = delivery.order.customer
    own = Address(customer.name, customer.street, customer.postcode, customer.city, customer.country)
    goes_to = delivery.order.delivery_address or own
    shown = replace(goes_to, name=goes_to.name or own.name, country=goes_to.country or own.country)
    return address_lines(shown.kept())
