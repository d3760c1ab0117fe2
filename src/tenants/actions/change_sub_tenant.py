"""Suspend, reinstate or end a customer's access: their circle of a shared tenant, or their whole tenant."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from tenants.actions.change_state import CannotBecome, change_state
from tenants.actions.keep_after_end import drop_destruction, schedule_tenant_erasure
from tenants.models import SubTenant, Tenant, Workspace
from tenants.policy.states import may_become


@transaction.atomic
def change_sub_tenant(
    *, sub_tenant_id: UUID, state: str, reason: str, now: datetime, by: Actor | None = None
) -> SubTenant:
    """Return the circle in its new state; the tenant it is in, and all others there, stay as they are.

    As the operator.

    Ending promises the day its data is destroyed; opening again takes that promise back. Raises CannotBecome.
    """
    circle = SubTenant.objects.select_for_update().get(pk=sub_tenant_id)
    if not may_become(circle.state, state):
        raise CannotBecome(circle.state, state)
    before = circle.state
    circle.state = state
    circle.state_reason = reason
    if state == Tenant.State.ENDED:
        circle.ended_at = now
        schedule_tenant_erasure(circle, now=now)
    elif before == Tenant.State.ENDED:
        drop_destruction(circle.pk, now=now)
    if state == Tenant.State.ERASED:
        circle.erased_at = now
    elif state == Tenant.State.OPEN:
        circle.ended_at = None
    circle.save()
    log_action(
        "circle.state_changed",
        by=by,
        on=circle,
        at=now,
        facts={"from": before, "to": state, "reason": reason},
    )
    return circle


def change_access(
    *, place: Workspace, state: str, reason: str, now: datetime, by: Actor | None = None
) -> None:
    """Change the state of what a customer's contracts open, be it a tenant or a circle.

    Raises CannotBecome.
    """
    if isinstance(place, SubTenant):
        change_sub_tenant(sub_tenant_id=place.pk, state=state, reason=reason, now=now, by=by)
    else:
        change_state(tenant_id=place.pk, state=state, reason=reason, now=now, by=by)
