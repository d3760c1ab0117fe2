"""Promise for which day the data of an ended contract is destroyed, and take the promise back."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from agenda.actions import instant, open_obligation
from agenda.models import Obligation
from contracts.policy.clauses import keeps
from contracts.policy.profiles import Profile
from isolation.context import inside
from tenants.models import SubTenant, Tenant, Workspace
from tenants.policy.keeping import erased_on
from tenants.queries import ASKED, tenant_of
from tenants.registry import days_chosen

CLAUSE = "LG-S21.2"  # where no contract names its own
KINDS = {Tenant: "data-destroyed", SubTenant: "circle-destroyed"}
WITHIN = timedelta(hours=24)
UNDO = WITHIN / 2  # in which the controller may change their mind
SETTLED = ("LG-S12", "erasure-settled")  # what waits for the controller's word is looked at again


@keeps("LG-S21.2", "MC-3")
def schedule_tenant_erasure(place: Workspace, *, now: datetime) -> Obligation:
    """Return the promise to destroy what is left of an ended tenant, or of a circle of a shared one, on its
    day.

    An earlier promise is taken back: the last word of the controller counts. A day that has come already,
    since a shorter time was chosen, still leaves the first 12 of 24 hours to take it back.
    """
    tenant = tenant_of(place)
    with inside(tenant):
        chosen = days_chosen() if isinstance(place, Tenant) else None
    ended_on = tenant.today(place.ended_at or now)
    profiles = tenant.profiles(tenant.today(now))
    day = erased_on(ended_on=ended_on, kept=[each.kept_after_end for each in profiles], chosen_days=chosen)
    starts_at = datetime.combine(day, time.min, ZoneInfo(tenant.timezone))
    run_at = max(starts_at, now + UNDO)
    asked = ASKED if chosen is not None and starts_at < run_at else ""
    return _owe(place, profiles, run_at=run_at, due_at=max(starts_at, now) + WITHIN, now=now, how=asked)


@keeps("LG-S21.2", "LG-D6e")
def schedule_tenant_erasure_now(tenant: Tenant, *, now: datetime) -> Obligation:
    """Return the promise to destroy an ended tenant within 24 hours: it can be taken back for the first
    12.
    """
    profiles = tenant.profiles(tenant.today(now))
    return _owe(tenant, profiles, run_at=now + UNDO, due_at=now + WITHIN, now=now, how=ASKED)


def _owe(
    place: Workspace,
    profiles: list[Profile],
    *,
    run_at: datetime,
    due_at: datetime,
    now: datetime,
    how: str = "",
) -> Obligation:
    drop_destruction(place.pk, now=now)
    shortest = min(profiles, key=lambda each: each.kept_after_end.nominal_days, default=None)
    return open_obligation(
        shortest.kept_after_end_by if shortest else CLAUSE,
        kind=KINDS[type(place)],
        subject=place.pk,
        run_at=run_at,
        due_at=due_at,
        now=now,
        occurrence=f"{how} {now.isoformat()}".strip(),
        tenant_id=tenant_of(place).pk,
    )


def waiting_for(place_id: UUID | str) -> Any:
    """Return the promises to destroy a place that still wait: one at most."""
    return Obligation.objects.waiting().filter(subject_id=place_id, kind__in=KINDS.values())


def note_erasure_settled(tenant: Tenant, *, now: datetime) -> None:
    """Promise to look at once at what waited for the end of an early deletion: taken back, or carried out."""
    clause, kind = SETTLED
    open_obligation(clause, kind=kind, subject=tenant.pk, **instant(now), now=now, occurrence=now.isoformat())


def drop_destruction(place_id: UUID, *, now: datetime) -> int:
    """Return how many promises to destroy a place were taken back."""
    rows: int = waiting_for(place_id).update(state=Obligation.State.MOOT, settled_at=now, evidence={})
    return rows
