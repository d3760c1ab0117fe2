"""Suspend, reinstate, end or erase a tenant."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from audit.actions import write
from tenants.gateways.schema import drop
from tenants.models import Domain, Tenant
from tenants.policy.states import may_become


class CannotBecome(Exception):
    """Raised when a tenant can't pass from its state to the one asked for."""


@transaction.atomic
def change_state(*, tenant_id: UUID, state: str, reason: str, now: datetime, by: Any = None) -> Tenant:
    """Return the tenant in its new state; erasing drops its schema, its rows and its addresses. As the operator.

    Raises CannotBecome.
    """
    tenant = Tenant.objects.select_for_update().get(pk=tenant_id)
    if not may_become(tenant.state, state):
        raise CannotBecome(tenant.state, state)
    before, tenant.state, tenant.state_reason = tenant.state, state, reason
    if state in {Tenant.State.ENDED, Tenant.State.OPEN}:
        tenant.ended_at = now if state == Tenant.State.ENDED else None
    if state == Tenant.State.ERASED:
        _erase(tenant, now)
    tenant.save()
    write("tenant.state_changed", by=by, on=tenant, at=now, facts={"from": before, "to": state, "reason": reason})
    return tenant


def _erase(tenant: Tenant, now: datetime) -> None:
    tenant.erased_at = now
    drop(tenant.pk)
    Domain.objects.filter(tenant=tenant).delete()
