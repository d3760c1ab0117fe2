"""Make an order: its number, its sites and lines, what it takes from the shelves, what it waits for.

Every order is made here, whatever it comes of: nothing else writes one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.catalogue.models.lines import totals_of
from billing.catalogue.policy.catalogue import TERM_MONTHS
from billing.catalogue.queries.storefront import next_dispatch
from billing.customers.models import Contact
from billing.customers.policy.clients import NOTHING_SAID, PurchaseCapacity
from billing.money.models import NumberSeries
from billing.money.policy.numbering import document_number
from billing.orders.actions.decrement_stock import decrement_stock
from billing.orders.actions.payment_deadline import schedule_unpaid
from billing.orders.actions.snapshot_offer_terms import snapshot_offer_terms
from billing.orders.models import Order, OrderLine, OrderSite
from billing.orders.policy.cart import ONLINE
from contracts.policy.clauses import keeps
from tenants.models import Customer


class Origin(StrEnum):
    """What an order comes of."""

    QUOTE = "quote"  # a signature
    CART = "cart"
    CONTRACT = "contract"  # a client who goes on with one, without a quote
    RENEWAL = "renewal"  # nobody's word: a term that renews by itself
    REPLACEMENT = "replacement"  # another thing for one that came back


VERBS = {
    Origin.QUOTE: "order.confirmed",
    Origin.CART: "order.placed",
    Origin.CONTRACT: "order.confirmed",
    Origin.RENEWAL: "order.renews",
    Origin.REPLACEMENT: "order.replaces",
}

OPEN_AT_ONCE = frozenset({Origin.RENEWAL, Origin.REPLACEMENT})  # no money is waited for


@dataclass(frozen=True, slots=True)
class OrderedSite:
    """A school or an organisation an order opens, or adds to where its tenant is there already."""

    name: str
    slug: str
    tenant_id: UUID | None = None
    position: int = 1
    admin_email: str = ""


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """What one line says, as `Line.terms` and `changes` give it, and the rank of its site."""

    says: Mapping[str, object]
    site: int | None = None


@dataclass(frozen=True, slots=True)
class Ordered:
    """All that is known of an order before it is one.

    `cancellable_on` is the first day on which it can be cancelled unpaid; None where it is open at once.
    `methods` are the ways to pay its buyer was shown, the one they chose where none is named.
    """

    origin: Origin
    customer: Customer
    contact: Contact
    method: str
    currency: str
    lines: Sequence[OrderedLine]
    sites: Sequence[OrderedSite] = ()
    term_months: int = TERM_MONTHS
    renewal: str = "fixed"
    trial_days: int = 0
    language: str = "fr"
    methods: Sequence[str] = ()
    cancellable_on: date | None = None
    deliver_to: Mapping[str, str] = field(default_factory=dict)
    terms_version: UUID | None = None
    version_id: UUID | None = None
    capacity: PurchaseCapacity = NOTHING_SAID
    deliver_by: date | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


@transaction.atomic
@keeps("LG-S7")
def create_order(*, ordered: Ordered, by: Actor | None, now: datetime, today: date) -> Order:
    """Return the order, numbered, with all it holds; what waits for its money is promised.

    Its invoice and what is said of it are the caller's. Raises OutOfStock, MixedTreatments.
    """
    order = _order(ordered, now, today)
    _put_content(order, ordered)
    if decrement_stock(order=order, now=now):
        order.promise_dispatch(on=next_dispatch(now))
    if ordered.origin not in OPEN_AT_ONCE:
        snapshot_offer_terms(
            order=order, language=ordered.language, methods=ordered.methods, now=now, today=today
        )
        is_online = ordered.origin == Origin.CART and ordered.method in ONLINE
        schedule_unpaid(order=order, is_online=is_online, now=now)
    log_action(
        VERBS[ordered.origin],
        by=by,
        on=order,
        at=now,
        about=[order.contact_id] if ordered.origin == Origin.CART else [],
        facts={"number": order.number, **ordered.facts},
    )
    return order


def _order(ordered: Ordered, now: datetime, today: date) -> Order:
    rank = NumberSeries.objects.take("order", today.year)
    return Order(
        number=document_number("order", year=today.year, rank=rank),
        customer=ordered.customer,
        contact=ordered.contact,
        version_id=ordered.version_id,
        method=ordered.method,
        currency=ordered.currency,
        term_months=ordered.term_months,
        renewal=ordered.renewal,
        trial_days=ordered.trial_days,
        terms_version=ordered.terms_version,
        deliver_to=dict(ordered.deliver_to),
        deliver_by=ordered.deliver_by,
        employees=ordered.capacity.employees,
        outside_main_activity=ordered.capacity.outside_main_activity,
        confirmed_at=now,
        confirmed_on=today,
        cancellable_on=ordered.cancellable_on or today + timedelta(days=1),
        risk_on=_risk_on(ordered, today),
        **_standing(ordered.origin, now, today),
    )


def _risk_on(ordered: Ordered, today: date) -> date | None:
    """Return the day the risk passes: now, but for a consumer, who bears it from possession (LG-S8).

    A renewal ships nothing.
    """
    is_protected = ordered.capacity.is_consumer_protected(ordered.customer.customer_type)
    is_later = ordered.origin == Origin.RENEWAL or is_protected
    return None if is_later else today


def _standing(origin: Origin, now: datetime, today: date) -> dict[str, Any]:
    if origin not in OPEN_AT_ONCE:
        return {"state": Order.State.AWAITING_PAYMENT}
    owned = {"ownership_on": today} if origin == Origin.REPLACEMENT else {}
    return {"state": Order.State.FULFILLED, "fulfilled_at": now, **owned}


def _put_content(order: Order, ordered: Ordered) -> None:
    """Save an order with its totals, its sites and its lines."""
    lines = [OrderLine(order=order, **line.says) for line in ordered.lines]
    order.put(totals_of(lines))
    order.save(force_insert=True)
    sites = OrderSite.objects.bulk_create(OrderSite(order=order, **asdict(site)) for site in ordered.sites)
    for line, told in zip(lines, ordered.lines, strict=True):
        line.site = None if told.site is None else sites[told.site]
    OrderLine.objects.bulk_create(lines)
