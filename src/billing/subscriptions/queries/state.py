"""What is so about subscriptions, as every page says it."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from billing.invoicing.models import Invoice
from billing.orders.queries.sold import taken_back_positions
from billing.subscriptions.models import Subscription, SubscriptionTerm
from billing.subscriptions.policy.state import subscription_state
from tenants.models import SubTenant, Tenant


def with_state(rows: QuerySet[Subscription]) -> QuerySet[Any]:
    """Return subscriptions with what their state is counted from.

    `is_credited`: credit notes took back all that was asked for their term; `is_corrected`: they took
    something of what its order asked. `is_suspended`: access to their
    tenant, or to their circle of a shared one, is stopped.
    """
    notes = Invoice.objects.filter(corrects=OuterRef("pk")).order_by().values("corrects")
    taken = Subquery(notes.annotate(total=Sum("gross_cents")).values("total"))
    terms = SubscriptionTerm.objects.filter(subscription=OuterRef("pk")).order_by("-position")
    asked = Invoice.objects.invoices().filter(order=OuterRef("term_order"), gross_cents__gt=0)
    kept = asked.annotate(left=F("gross_cents") - Coalesce(taken, Value(0))).filter(left__gt=0)
    found: QuerySet[Any] = rows.annotate(term_order=Subquery(terms.values("order")[:1]))
    corrected = Invoice.objects.filter(order=OuterRef("term_order"), kind=Invoice.Kind.CREDIT_NOTE)
    found = found.annotate(
        is_credited=Exists(asked) & ~Exists(kept),
        is_corrected=Exists(corrected),
        is_suspended=_is_suspended(),
    )
    return found


def _is_suspended() -> Case:
    circle = SubTenant.objects.filter(pk=OuterRef("contract__sub_tenant_id"), state=Tenant.State.SUSPENDED)
    alone = Tenant.objects.filter(pk=OuterRef("contract__tenant"), state=Tenant.State.SUSPENDED)
    return Case(When(contract__sub_tenant_id=None, then=Exists(alone)), default=Exists(circle))


def state_of_subscription(subscription: Subscription) -> str:
    """Return the state of a subscription; what its state is counted from is asked where the row doesn't know
    it.
    """
    trial = getattr(subscription, "trial", None)
    row: Any = subscription
    if not hasattr(subscription, "is_suspended"):
        row = with_state(Subscription.objects.filter(pk=subscription.pk)).get()
    return subscription_state(
        is_ended=subscription.ended_on is not None,
        is_suspended=row.is_suspended,
        in_trial=trial is not None and not trial.activated_on,
        trial_ended=trial is not None and trial.ended_at is not None,
        is_credited=row.is_credited or (row.is_corrected and _is_taken_back(subscription)),
    )


def _is_taken_back(subscription: Subscription) -> bool:
    """Return whether credit notes left nothing of the lines that sold a subscription, whatever they left of
    what its order sold besides.
    """
    order = subscription.term.order
    rows = order.lines.filter(contract_id=subscription.contract_id, product__isnull=False)
    mine = set(rows.values_list("position", flat=True))
    return bool(mine) and mine <= taken_back_positions(order)
