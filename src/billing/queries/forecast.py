"""What would happen to a tenant when, read from its subscriptions and its agenda; nothing is changed."""

from __future__ import annotations

from datetime import date, timedelta

from agenda.models import Obligation
from billing.models import Invoice, Subscription, Termination
from billing.policy.days import day_starts_at, paris_day
from billing.policy.forecast import Event, Running, ahead
from billing.policy.renewal import Announcement
from billing.queries.subscriptions import of_tenant, options_told_for, price_at_renewal
from tenants.models import Tenant

WALKED = ("term-end", "renewal-notice")  # the walk itself tells these, and those that are not promised yet


def forecast(tenant: Tenant, *, today: date, until: date) -> list[Event]:
    """Return what would happen from today to a day included, in order, if nobody did anything."""
    found = [event for row in of_tenant(tenant.pk).alive() for event in ahead(running(row), today=today, until=until)]
    return sorted([*found, *_promised(tenant, today, until)], key=lambda event: (event.on, event.clause, event.what))


def running(subscription: Subscription) -> Running:
    """Return a subscription as the policy reads it."""
    term = subscription.term
    word = Termination.objects.filter(subscription=subscription).first()
    return Running(
        term=term.as_policy, activated_on=subscription.activated_on, months=subscription.term_months,
        renews=subscription.renews, terminated_on=word.effective_on if word else None, quantity=subscription.next_quantity,
        current=Announcement(term.starts_on, term.unit_net_cents, str(term.terms_version or "")),
        told=tuple(notice.announcement for notice in subscription.notices.filter(bounced_on=None)),
        next_unit_net_cents=price_at_renewal(subscription, renews_on=term.ends_on),
        options_cents=sum(option.renews_as * cents for option, cents in options_told_for(subscription, term)),
        is_agreed=subscription.renewal_order_id is not None,
    )  # fmt: skip


def _promised(tenant: Tenant, today: date, until: date) -> list[Event]:
    subjects = Invoice.objects.filter(order__sites__tenant_id=tenant.pk).values_list("pk", flat=True)
    own = Obligation.objects.waiting().exclude(kind__in=WALKED)
    rows = own.filter(due_at__lt=day_starts_at(until + timedelta(days=1)))
    about = rows.filter(tenant_id=tenant.pk) | rows.filter(subject_id__in=list(subjects))
    return [Event(max(paris_day(row.due_at), today), row.clause, row.kind.replace("-", "_")) for row in about]
