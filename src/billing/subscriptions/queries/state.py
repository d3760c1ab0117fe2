"""What is so about subscriptions, as every page says it."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from billing.invoicing.models import Invoice
from billing.subscriptions.models import Subscription, SubscriptionTerm
from billing.subscriptions.policy.state import subscription_state


def with_credited_term(rows: QuerySet[Subscription]) -> QuerySet[Any]:
    """Return subscriptions with `is_credited`: credit notes took back all that was asked for their term."""
    notes = Invoice.objects.filter(corrects=OuterRef("pk")).order_by().values("corrects")
    taken = Subquery(notes.annotate(total=Sum("gross_cents")).values("total"))
    terms = SubscriptionTerm.objects.filter(subscription=OuterRef("pk")).order_by("-position")
    asked = Invoice.objects.invoices().filter(order=OuterRef("term_order"), gross_cents__gt=0)
    kept = asked.annotate(left=F("gross_cents") - Coalesce(taken, Value(0))).filter(left__gt=0)
    found: QuerySet[Any] = rows.annotate(term_order=Subquery(terms.values("order")[:1]))
    found = found.annotate(is_credited=Exists(asked) & ~Exists(kept))
    return found


def state_of_subscription(subscription: Subscription) -> str:
    """Return the state of a subscription; whether its term was credited is asked where the row doesn't know
    it.
    """
    trial = getattr(subscription, "trial", None)
    row: Any = subscription
    if not hasattr(subscription, "is_credited"):
        row = with_credited_term(Subscription.objects.filter(pk=subscription.pk)).get()
    return subscription_state(
        is_ended=subscription.ended_on is not None,
        in_trial=trial is not None and not trial.activated_on,
        trial_ended=trial is not None and trial.ended_at is not None,
        is_credited=row.is_credited,
    )
