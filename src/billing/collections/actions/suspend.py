"""Suspend for what isn't money: at once for what is serious, after the product's own e-mail for a breach."""

from datetime import datetime

from django.db import transaction

from audit.policy.actor import Actor
from billing.collections.actions.access import REACHED, close_access, drop_cause, reopen_access
from billing.collections.actions.warn import warn_of_breach
from billing.collections.models import Suspension
from billing.collections.policy.suspension import AT_ONCE
from billing.collections.queries.suspensions import rules_in
from contracts.policy.clauses import keeps
from tenants.models import Customer, Tenant
from tenants.queries import workspaces_of


class NotSuspendable(Exception):
    """Raised when the tenant has ended, was told already, or its profile never suspends for that."""


@transaction.atomic
@keeps("LG-S19", "MC-7")
def suspend_for(
    *, tenant: Tenant, customer: Customer, cause: str, reason: str, by: Actor, now: datetime
) -> Suspension:
    """Return the suspension of a tenant for a serious or repeated breach, a danger or an injunction: at once.

    What is suspended for something else already has one cause more.

    A plain breach or misuse is told by an e-mail first; access stops after the profile's delay from its
    leaving. Raises NotSuspendable.
    """
    if not any(place.state in REACHED for place in workspaces_of(tenant, customer.pk)):
        raise NotSuspendable(cause)
    at_once = cause in AT_ONCE
    row = Suspension(
        tenant_id=tenant.pk, customer=customer, cause=cause, reason=reason, at_once=at_once, created_at=now
    )
    if at_once:
        row.save()
        close_access(row, by=by, now=now)
        return row
    if rules_in(row).suspension.when == "never" or _is_told(row):
        raise NotSuspendable(cause)
    row.notified_at = now
    row.save()
    warn_of_breach(row, by=by, now=now)
    return row


def _is_told(row: Suspension) -> bool:
    """Return whether the same was told before and stands."""
    same = Suspension.objects.filter(tenant_id=row.tenant_id, customer=row.customer, cause=row.cause)
    return same.filter(lifted_at=None, bounced_at=None, reason=row.reason).exists()


@transaction.atomic
@keeps("LG-S19")
def lift(*, suspension: Suspension, by: Actor | None, now: datetime) -> bool:
    """Return whether access is back: this cause is remedied, and no other stands."""
    drop_cause(suspension, by=by, now=now)
    return reopen_access(lifted=suspension, by=by, now=now)
