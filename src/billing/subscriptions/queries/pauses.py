"""Which payments events nobody could help suspend."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from billing.collections.policy.pauses import Pause
from billing.invoicing.models import Invoice
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
def payment_suspended(today: date) -> Exists:
    """Return the condition, on invoices that know the day they fall due, that nothing of them is late today.

    An event suspends their payment, or did on that day until today: what can't be paid can't be late.
    """
    lasting = Q(ended_on=None) | Q(ended_on__gt=today)
    just_over = Q(ended_on=today, started_on__lte=OuterRef("falls_due_on"))
    sold = OrderLine.objects.filter(order=OuterRef(OuterRef("order_id")), contract_id__isnull=False)
    terms = SubscriptionTerm.objects.filter(order=OuterRef(OuterRef("order_id")))
    events = ForceMajeure.objects.filter(suspends_payment=True, started_on__lte=today)
    mine = Q(subscription__contract__in=sold.values("contract_id")) | Q(
        subscription__in=terms.values("subscription")
    )
    return Exists(events.filter(lasting | just_over).filter(mine))
