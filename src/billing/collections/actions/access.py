"""Make access what the causes against it say: closed while one stands, open again once none does."""

from datetime import date, datetime
from uuid import UUID

from agenda.actions import close_obligation, enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.collections.models import Suspension
from billing.collections.policy.suspension import is_lifted
from billing.collections.queries.suspensions import keeping_open, suspensions_in
from billing.invoicing.queries.balances import balance_of
from billing.money.policy.days import paris_day
from contracts.policy.clauses import keeps
from tenants.actions.change_sub_tenant import change_access
from tenants.models import SubTenant, Tenant, Workspace
from tenants.queries import workspaces_of

REACHED = {Tenant.State.OPEN, Tenant.State.SUSPENDED}


@keeps("LG-S19", "MC-4")
def close_access(row: Suspension, *, by: Actor | None, now: datetime) -> bool:
    """Return whether access was stopped for this cause; not where nothing is open any more."""
    there = workspaces_of(Tenant.objects.get(pk=row.tenant_id), row.customer_id)
    places = [place for place in there if place.state in REACHED]
    if not places:
        return False
    row.mark_suspended(at=now)
    reason = row.reason or row.cause
    for place in places:
        if place.state == Tenant.State.OPEN and not _kept_open(place, row, paris_day(now)):
            change_access(place=place, state=Tenant.State.SUSPENDED, reason=reason, now=now, by=by)
    facts = {"cause": row.cause, "at_once": row.at_once, "tenant": str(row.tenant_id)}
    log_action("suspension.begun", by=by, on=row, at=now, facts=facts)
    enqueue_message("billing/access_suspended", ids={"suspension": row.id}, now=now, key=row.told_key)
    wake_worker()
    return True


def _kept_open(place: Workspace, row: Suspension, today: date) -> bool:
    """Return whether somebody else's contract keeps a circle open that this customer's also leads to."""
    others = keeping_open(place, on=today).exclude(customer_id=row.customer_id)
    return isinstance(place, SubTenant) and others.exists()


def drop_cause(row: Suspension, *, by: Actor | None, now: datetime) -> None:
    """Keep that a cause stands no more: what was promised about it is dropped."""
    row.mark_lifted(at=now)
    close_obligation("LG-S19", kind="suspend", subject=row.id, now=now, evidence={"remedied": True})
    log_action("suspension.lifted", by=by, on=row, at=now, facts={"tenant": str(row.tenant_id)})


@keeps("LG-S19", "MC-4")
def reopen_access(*, lifted: Suspension, by: Actor | None, now: datetime) -> bool:
    """Return whether access is back: a cause was lifted or its warning never arrived, and no other stands."""
    tenant = Tenant.objects.get(pk=lifted.tenant_id)
    places = [one for one in workspaces_of(tenant, lifted.customer_id) if one.state == Tenant.State.SUSPENDED]
    if not places or not _is_remedied(tenant, lifted.customer_id):
        return False
    for place in places:
        change_access(place=place, state=Tenant.State.OPEN, reason="", now=now, by=by)
    key = f"access-restored:{lifted.id}"
    enqueue_message("billing/access_restored", ids={"suspension": lifted.id}, now=now, key=key)
    wake_worker()
    return True


def _is_remedied(tenant: Tenant, customer_id: UUID) -> bool:
    others = suspensions_in(tenant, customer_id).closing()
    unpaid = [balance_of(row.invoice_id) for row in others if row.invoice_id]
    return is_lifted(unpaid, other_causes=others.filter(invoice=None).count())
