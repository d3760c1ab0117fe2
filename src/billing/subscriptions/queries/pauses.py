"""Which payments events nobody could help suspend."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from billing.collections.policy.pauses import Pause
from billing.invoicing.models import Invoice
from billing.subscriptions.models import ForceMajeure
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
