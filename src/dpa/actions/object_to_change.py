"""A tenant objects to a change of a sub-processor, or takes it back; a notice that told nobody."""

from datetime import date, datetime

from django.db import transaction

from agenda.actions import open_obligation
from audit.actions import log_action
from audit.policy.actor import Actor
from contracts.policy.clauses import keeps
from dpa.actions.change_processor import CLAUSE, SILENCE, WITHIN, sync_change, tell_tenant
from dpa.models import ChangeNotice, ChangeObjection, GarTenant, ProcessorChange
from dpa.queries.processors import LIVE, ChangeStanding, change_standing
from tenants.models import Tenant


class NotTold(Exception):
    """Raised when a tenant objects to what it was not told of, or to what will not come."""


class TooLate(Exception):
    """Raised when an objection comes after its last day."""

    def __init__(self, last_on: date) -> None:
        super().__init__(last_on)
        self.last_on = last_on


class ObjectsAlready(Exception):
    """Raised when a tenant's objection waits already."""


@transaction.atomic
@keeps("LG-D8", "LG-D9")
def object_to_change(
    *,
    change: ProcessorChange,
    tenant: Tenant,
    reason: str,
    objected_on: date,
    origin: str,
    by: Actor,
    now: datetime,
) -> ChangeObjection:
    """Return the objection of a tenant: the change does not start for it until that is settled.

    Inside the tenant, or as the operator who records a letter; what counts is the day it was made. Raises
    NotTold, TooLate, ObjectsAlready.
    """
    if change.withdrawn_at is not None or not change.notices.filter(tenant_id=tenant.pk).exists():
        raise NotTold(change.pk)
    standing = change_standing(change, tenant, now)
    if standing.objects:
        raise ObjectsAlready(change.pk)
    if standing.last_on is not None and objected_on > standing.last_on:
        raise TooLate(standing.last_on)
    objection = ChangeObjection.objects.create(
        change=change,
        tenant_id=tenant.pk,
        origin=origin,
        objected_on=objected_on,
        reason=reason,
        recorded_by=by.id,
        recorded_at=now,
    )
    facts = {"origin": origin, "day": objected_on.isoformat()}
    log_action("processor.objected", by=by, on=objection, at=now, facts=facts)
    return objection


@transaction.atomic
def settle_objection(*, objection: ChangeObjection, settlement: str, by: Actor, now: datetime) -> bool:
    """Return whether an objection was settled now; one that was settled before stays as it was."""
    held = ChangeObjection.objects.select_for_update().get(pk=objection.pk)
    if held.settled_at is not None:
        return False
    held.mark_settled(settlement=settlement, at=now)
    log_action("processor.settled", by=by, on=held, at=now, facts={"settlement": settlement})
    return True


@transaction.atomic
@keeps("LG-D8")
def note_notice_bounce(*, notice: ChangeNotice, by: Actor, now: datetime) -> ChangeNotice:
    """Return the notice that leaves instead of one that came back: its time to object begins anew.

    As often as wanted: one that came back already is sent again once.
    """
    held = ChangeNotice.objects.select_for_update().get(pk=notice.pk)
    if held.returned_at is not None:
        return held
    held.mark_returned(at=now)
    log_action(
        "processor.notice_returned", by=by, on=held.change, at=now, facts={"tenant": str(held.tenant_id)}
    )
    times = held.change.notices.filter(tenant_id=held.tenant_id).count()
    tenant = Tenant.objects.get(pk=held.tenant_id)
    return tell_tenant(held.change, tenant, now=now, times=times)


@keeps("LG-D8")
def note_receipt(notice: ChangeNotice, *, received_at: datetime, now: datetime) -> None:
    """Start a tenant's time to object on the day its notice left; what is said then is recorded."""
    notice.mark_received(at=received_at)
    tenant = Tenant.objects.get(pk=notice.tenant_id)
    standing = change_standing(notice.change, tenant, now)
    if standing.ends_at is None:  # never: it was received
        return
    open_obligation(
        CLAUSE,
        kind=SILENCE,
        subject=notice.pk,
        run_at=standing.ends_at,
        due_at=standing.ends_at + WITHIN,
        now=now,
        tenant_id=tenant.pk,
    )


@keeps("LG-D8")
def silence_of(notice: ChangeNotice, *, now: datetime) -> ChangeStanding | None:
    """Return where a tenant stands that said nothing until its time was over; its change may start now.

    None where it objected, left, or was not told after all, and where the change was withdrawn.
    """
    change = notice.change
    tenant = Tenant.objects.get(pk=notice.tenant_id)
    if notice.returned_at or change.withdrawn_at or tenant.state not in LIVE:
        return None
    standing = change_standing(change, tenant, now)
    if standing.objection is not None:
        return None
    if change.is_pending:
        sync_change(change, now=now)
    return standing


@transaction.atomic
def set_gar(*, tenant: Tenant, uses_gar: bool, by: Actor, now: datetime) -> bool:
    """Return whether it changed that a tenant's people come by GAR; who comes into scope is told."""
    if GarTenant.objects.filter(tenant_id=tenant.pk).exists() == uses_gar:
        return False
    if uses_gar:
        GarTenant.objects.create(tenant_id=tenant.pk, since=now)
    else:
        GarTenant.objects.filter(tenant_id=tenant.pk).delete()
    log_action("tenant.gar_set", by=by, on=tenant, at=now, facts={"uses_gar": uses_gar})
    for change in ProcessorChange.objects.filter(started_at=None, withdrawn_at=None):
        sync_change(change, now=now)
    return True


def forget_objections(tenant: Tenant, _now: datetime) -> None:
    """Empty what a tenant wrote when all of it goes."""
    ChangeObjection.objects.filter(tenant_id=tenant.pk).update(reason="")
