"""End a whole tenant by hand, or delete what is left on its controller's word; its clients are told."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.subscriptions.policy.by_hand import why_not_ended
from billing.subscriptions.queries.workspaces import customers_in, is_in_force, running_in
from contracts.policy.clauses import keeps
from tenants.actions.change_state import CannotBecome, change_state
from tenants.actions.keep_after_end import schedule_tenant_erasure_now
from tenants.models import Tenant


class NotEndable(Exception):
    """Raised when the contracts of a tenant don't let it end: "subscribed" or "in_force"."""


@transaction.atomic
@keeps("LG-S20.1", "LG-S20.2")
def end_workspace(
    *, tenant_id: UUID, ground: str, reason: str, by: Actor, now: datetime, today: date
) -> Tenant:
    """Return the tenant, ended on a ground its contracts know; each of its clients is told by mail.

    What is left is kept as long as was promised. Raises NotEndable, CannotBecome.
    """
    tenant = Tenant.objects.select_for_update().get(pk=tenant_id)
    found = {"subscribed": running_in(tenant).exists(), "in_force": is_in_force(tenant, on=today)}
    if why := why_not_ended(ground, **found):
        raise NotEndable(why)
    ended = change_state(
        tenant_id=tenant.pk, state=Tenant.State.ENDED, reason=reason, now=now, by=by, ground=ground
    )
    _tell("billing/tenant_ended", ended, now, ground=ground)
    return ended


@transaction.atomic
@keeps("LG-S21.2", "LG-D6e")
def delete_workspace(*, tenant_id: UUID, instruction: str, by: Actor, now: datetime) -> datetime:
    """Return by when all of an ended tenant is deleted: within 24 hours of its controller's written word.

    Its administrator, told like each client, can take it back for the first 12. Raises CannotBecome.
    """
    tenant = Tenant.objects.select_for_update().get(pk=tenant_id)
    if tenant.state != Tenant.State.ENDED:
        raise CannotBecome(tenant.state, Tenant.State.ERASED)
    promise = schedule_tenant_erasure_now(tenant, now=now)
    facts = {"due_at": promise.due_at.isoformat()}
    told = {"instruction": instruction}
    log_action("end.instructed", by=by, on=tenant.pk, at=now, facts=facts, personal=told)
    _tell("billing/tenant_deletion", tenant, now, due_at=promise.due_at)
    return promise.due_at


def _tell(template: str, tenant: Tenant, now: datetime, **ids: object) -> None:
    for customer in customers_in(tenant):
        key = f"{template}:{tenant.pk}:{customer.pk}:{now.isoformat()}"
        enqueue_message(template, ids={"tenant": tenant.pk, "customer": customer.pk, **ids}, now=now, key=key)
    wake_worker()
