"""Suspend, reinstate, end or erase a tenant."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from agenda.models import Obligation, OutboxMessage
from agenda.registry import keepers
from audit.actions import log_action
from audit.policy.actor import Actor
from tenants.actions.keep_after_end import drop_destruction, schedule_tenant_erasure
from tenants.gateways.schema import drop
from tenants.models import Domain, Tenant
from tenants.policy.states import may_become
from tenants.registry import erasings


class CannotBecome(Exception):
    """Raised when a tenant can't pass from its state to the one asked for."""


@transaction.atomic
def change_state(
    *, tenant_id: UUID, state: str, reason: str, now: datetime, by: Actor | None = None, ground: str = ""
) -> Tenant:
    """Return the tenant in its new state; erasing drops its schema, its rows and its addresses.

    As the operator. `ground` is what the contracts know by which a person ended it.

    Ending promises the day its data is destroyed; opening again takes that promise back. Raises CannotBecome.
    """
    tenant = Tenant.objects.select_for_update().get(pk=tenant_id)
    if not may_become(tenant.state, state):
        raise CannotBecome(tenant.state, state)
    return _pass_to(tenant, state, reason, now, by, ground)


@transaction.atomic
def erase_again(*, tenant_id: UUID, now: datetime) -> bool:
    """Return whether a tenant that had been erased came back with a backup.

    It goes again, whatever its state.
    """
    tenant = (
        Tenant.objects.select_for_update().filter(pk=tenant_id).exclude(state=Tenant.State.ERASED).first()
    )
    if tenant is not None:
        _pass_to(tenant, Tenant.State.ERASED, "came back with a backup", now, None)
    return tenant is not None


def _pass_to(
    tenant: Tenant, state: str, reason: str, now: datetime, by: Actor | None, ground: str = ""
) -> Tenant:
    before = tenant.state
    tenant.state = state
    tenant.state_reason = reason
    if state == Tenant.State.ENDED:
        tenant.ended_at = now
        schedule_tenant_erasure(tenant, now=now)
    elif before == Tenant.State.ENDED:
        drop_destruction(tenant.pk, now=now)
    if state == Tenant.State.ERASED:
        _erase(tenant, now)
    elif state == Tenant.State.OPEN:
        tenant.ended_at = None
    tenant.save()
    facts = {"from": before, "to": state, "reason": reason} | ({"ground": ground} if ground else {})
    log_action("tenant.state_changed", by=by, on=tenant, at=now, facts=facts)
    return tenant


def _erase(tenant: Tenant, now: datetime) -> None:
    for first in erasings():
        first(tenant, now)
    _drop_promises(tenant, now)
    drop(tenant.pk)
    Domain.objects.filter(tenant=tenant).delete()
    tenant.erased_at = now  # its address may be another's
    tenant.slug = f"erased-{tenant.pk.hex[:12]}"


def _drop_promises(tenant: Tenant, now: datetime) -> None:
    """Drop what could only be kept inside the tenant, and the messages written there.

    The house's own stays.
    """
    inside = [kind for kind, kept in keepers().items() if kept.where == "tenant"]
    rows = Obligation.objects.waiting().filter(tenant_id=tenant.pk)
    moot = [row.pk for row in rows if (row.clause, row.kind) in inside]
    Obligation.objects.filter(pk__in=moot).update(state=Obligation.State.MOOT, settled_at=now)
    messages = OutboxMessage.objects.filter(tenant_id=tenant.pk, state=OutboxMessage.State.WAITING)
    messages.update(state=OutboxMessage.State.MOOT, ids={})
