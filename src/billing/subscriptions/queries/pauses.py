"""Which payments events nobody could help suspend."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from billing.invoicing.models import Invoice
from billing.invoicing.policy.pauses import Pause
from billing.orders.models import OrderLine
from billing.subscriptions.models import ForceMajeure, SubscriptionTerm
from billing.subscriptions.queries.subscriptions import orders_of
from contracts.policy.clauses import keeps


@keeps("LG-S20.3m")
def pauses_by_invoice(invoices: Collection[UUID] | None = None) -> dict[UUID, list[Pause]]:
    """Return the days on which events suspend what invoices ask, of those that any concerns.

    Of all invoices where none are named. Events are few, invoices many: it begins with the events.
    """
    found: dict[UUID, list[Pause]] = {}
    for event in ForceMajeure.objects.filter(suspends_payment=True).select_related("subscription"):
        rows = Invoice.objects.filter(order__in=orders_of(event.subscription))
        if invoices is not None:
            rows = rows.filter(pk__in=invoices)
        for pk in rows.values_list("pk", flat=True):
            found.setdefault(pk, []).append(Pause(event.started_on, event.ended_on))
    return found


@keeps("LG-S20.3m")
def payment_suspended(today: date, *, order: str = "order_id") -> Exists:
    """Return the condition that an event suspends today the payment of what `order` names the order of."""
    return Exists(_holding(_suspending(order), today))


@keeps("LG-S20.3m")
def due_after_events(*, order: str, due: str) -> Subquery:
    """Return the first day after the events that a due day fell into, as `policy.due_after_pauses` counts it.

    NULL where it fell into none, or where they have no end. `order` and `due` name the order and the day.
    """
    again = _suspending(order, depth=2)
    fell_into = Exists(_holding(again, _outside(due, 2)))
    goes_on = Exists(_holding(again, OuterRef("ended_on")))
    ends = _suspending(order).filter(fell_into, ended_on__gt=OuterRef(due)).exclude(goes_on)
    return Subquery(ends.order_by("ended_on").values("ended_on")[:1])


def _holding(events: QuerySet[ForceMajeure], day: Any) -> QuerySet[ForceMajeure]:
    """Return those of the events that last on a day."""
    return events.filter(Q(ended_on=None) | Q(ended_on__gt=day), started_on__lte=day)


def _suspending(order: str, *, depth: int = 1) -> QuerySet[ForceMajeure]:
    """Return the events that suspend the payment of an order, named by a query so many levels outside."""
    bought_by = _outside(order, depth + 1)
    sold = OrderLine.objects.filter(order=bought_by, contract_id__isnull=False)
    terms = SubscriptionTerm.objects.filter(order=bought_by)
    mine = Q(subscription__contract__in=sold.values("contract_id")) | Q(
        subscription__in=terms.values("subscription")
    )
    return ForceMajeure.objects.filter(mine, suspends_payment=True)


def _outside(name: str, depth: int) -> Any:
    """Return a column of a query so many levels outside."""
    found: Any = name
    for _level in range(depth):
        found = OuterRef(found)
    return found
