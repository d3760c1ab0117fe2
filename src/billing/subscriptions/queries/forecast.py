"""What would happen to a tenant when, read from its subscriptions and its agenda; nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from agenda.models import Obligation
from agenda.registry import following
from billing.collections.models import Suspension
from billing.invoicing.models import Invoice
from billing.money.policy.days import day_starts_at, paris_day
from billing.subscriptions.models import Subscription, Termination
from billing.subscriptions.policy.forecast import (
    Event,
    RetentionPlan,
    SubscriptionOutlook,
    forecast_erasure,
    forecast_events,
)
from billing.subscriptions.policy.renewal import Announcement
from billing.subscriptions.queries.subscriptions import (
    access_until_of,
    of_tenant,
    options_told_for,
    price_at_renewal,
    profile_of,
)
from billing.subscriptions.queries.trials import trial_of
from isolation.context import inside
from tenants.models import Contract, Tenant
from tenants.registry import days_chosen

WALKED = (
    "term-end",
    "renewal-notice",
    "trial-end",
)  # the walk itself tells these, and those that are not promised yet


def forecast(tenant: Tenant, *, today: date, until: date, customer_id: UUID | None = None) -> list[Event]:
    """Return what would happen from today to a day included, in order, if nobody did anything.

    `customer_id`: of this customer alone, in a tenant that many share.
    """
    alone = customer_id if tenant.is_shared else None
    rows = of_tenant(tenant.pk).alive().filter(**{"customer_id": alone} if alone else {})
    walks = [(row, list(forecast_events(running(row), today=today, until=until))) for row in rows]
    found = [event for _row, events in walks for event in events]
    if alone or not tenant.is_shared:
        found += _left_behind(tenant, walks, until)
    promised = _promised(_waiting_for(tenant, alone), today, until)
    return sorted([*found, *promised], key=lambda event: (event.on, event.clause, event.what))


def running(subscription: Subscription) -> SubscriptionOutlook:
    """Return a subscription as the policy reads it."""
    term = subscription.term
    word = Termination.objects.filter(subscription=subscription).first()
    trial = trial_of(subscription)
    return SubscriptionOutlook(
        term=term.as_policy,
        activated_on=subscription.activated_on,
        months=subscription.term_months,
        renewal=subscription.renewal,
        rules=profile_of(subscription.contract).renewal,
        terminated_on=word.effective_on if word else None,
        quantity=subscription.next_quantity,
        current=Announcement(term.starts_on, term.unit_net_cents, str(term.terms_version or "")),
        told=tuple(notice.announcement for notice in subscription.notices.told()),
        next_unit_net_cents=price_at_renewal(subscription, renews_on=term.ends_on),
        trial=trial.as_policy if trial else None,
        trial_stops_on=trial.ends_on if trial and trial.ended_at else None,
        options_cents=sum(
            option.renewed_quantity * cents for option, cents in options_told_for(subscription, term)
        ),
        is_agreed=subscription.renewal_order_id is not None,
        access_until=access_until_of(subscription.product_id),
    )


def _left_behind(
    tenant: Tenant, walks: Sequence[tuple[Subscription, list[Event]]], until: date
) -> Iterator[Event]:
    """Return the day on which what the contracts of these subscriptions leave behind is destroyed."""
    ends = []
    for row, events in walks:
        offer = profile_of(row.contract)
        day = next((event.on for event in events if event.what == "ended"), None)
        ends.append((day, RetentionPlan(offer.kept_after_end, offer.kept_after_end_by)))
    with inside(tenant):
        chosen = None if tenant.is_shared else days_chosen()
    return forecast_erasure(ends, chosen_days=chosen, until=until)


def _waiting_for(tenant: Tenant, customer_id: UUID | None) -> QuerySet[Obligation]:
    """Return what the agenda still promises to a tenant, or to one customer in it."""
    rows = Obligation.objects.waiting()
    if customer_id is None:
        invoices = Invoice.objects.filter(order__sites__tenant_id=tenant.pk).values_list("pk", flat=True)
        return rows.filter(tenant_id=tenant.pk) | rows.filter(subject_id__in=list(invoices))
    own = [
        Invoice.objects.filter(customer_id=customer_id),
        Suspension.objects.filter(customer_id=customer_id),
        Subscription.objects.filter(customer_id=customer_id),
    ]
    circles = Contract.objects.filter(customer_id=customer_id, tenant=tenant).values_list(
        "sub_tenant_id", flat=True
    )
    return rows.filter(
        subject_id__in=[*circles, *(pk for each in own for pk in each.values_list("pk", flat=True))]
    )


def _promised(waiting: QuerySet[Obligation], today: date, until: date) -> Iterator[Event]:
    """Yield what the agenda does and when: what is promised, and what that promises anew each time."""
    end = day_starts_at(until + timedelta(days=1))
    for row in waiting.exclude(kind__in=WALKED).filter(run_at__lt=end):
        run_at: datetime | None = row.run_at
        while run_at is not None and run_at < end:
            yield Event(max(paris_day(run_at), today), row.clause, row.kind.replace("-", "_"))
            run_at = following(row, run_at)
