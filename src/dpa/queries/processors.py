"""Sub-processors: the list as it stood, whom a change concerns, and where each tenant stands with it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.gateways.holidays import public_holidays
from contracts.policy.calendar import years_reached
from contracts.registry import profile
from dpa.models import (
    ChangeNotice,
    ChangeObjection,
    GarTenant,
    ProcessorChange,
    ProcessorTenant,
    ProcessorVersion,
)
from dpa.policy.processors import (
    OBJECTION_BUSINESS_DAYS,
    Concerned,
    ProcessorTerms,
    Start,
    end_of_day,
    is_told,
    objection_days,
    start_of,
    works_for,
)
from tenants.models import Contract, Tenant

HOUSE = ZoneInfo("Europe/Paris")
LIVE = (Tenant.State.OPEN, Tenant.State.SUSPENDED)
NOBODY = UUID(int=0)
CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class ChangeStanding:
    """Where one tenant stands with a change: what it received, until when it can object, whether it did."""

    tenant: Tenant
    notice: ChangeNotice | None
    last_on: date | None
    ends_at: datetime | None
    objection: ChangeObjection | None
    returned: int
    now: datetime

    @property
    def is_over(self) -> bool:
        """Return whether its time to object is over."""
        return self.ends_at is not None and self.now >= self.ends_at

    @property
    def objects(self) -> bool:
        """Return whether its objection waits to be settled."""
        return self.objection is not None and self.objection.settled_at is None

    @property
    def may_object(self) -> bool:
        """Return whether it can still object."""
        return not self.objects and not self.is_over

    @property
    def is_held(self) -> bool:
        """Return whether the change does not hold for it, or not yet."""
        is_spared = self.objection is not None and self.objection.settlement == "spared"
        is_waiting = self.notice is not None and not self.is_over
        return self.objects or is_spared or is_waiting


def house_day(now: datetime) -> date:
    """Return the day it is at the operator's."""
    return now.astimezone(HOUSE).date()


def listed(on: date) -> list[ProcessorVersion]:
    """Return the public list as it stood on a day."""
    return list(ProcessorVersion.objects.in_force(on))


def days_of_list(today: date) -> list[date]:
    """Return the days on which the list changed, up to today, the last first."""
    rows = ProcessorVersion.objects.exclude(starts_on=None).values_list("starts_on", "ends_on")
    return sorted({day for row in rows for day in row if day and day <= today}, reverse=True)


def last_day(received_on: date, tenant: Tenant) -> date:
    """Return the last day to object after a notice received on a day. Raises UnknownCalendar."""
    years = years_reached(received_on, OBJECTION_BUSINESS_DAYS)
    holidays = public_holidays(tenant.country, tenant.subdivision, years)
    return objection_days(received_on, holidays=holidays)


def concerned_by_tenant(tenants: Collection[Tenant], now: datetime) -> dict[UUID, Concerned]:
    """Return what decides on scopes for each of these tenants, in two statements."""
    gar = set(GarTenant.objects.values_list("tenant_id", flat=True))
    held: dict[UUID, set[Any]] = {}
    rows = Contract.objects.running(house_day(now)).filter(tenant_id__in=[one.pk for one in tenants])
    for tenant_id, key, version in rows.values_list("tenant_id", "profile_key", "profile_version"):
        held.setdefault(tenant_id, set()).add((key, version))
    found = {}
    for one in tenants:
        profiles = [profile(key, on=version) for key, version in held.get(one.pk, ())]
        found[one.pk] = Concerned(
            one.pk,
            frozenset(each.key for each in profiles),
            uses_gar=one.pk in gar,
            is_controller=any(each.controller == CUSTOMER for each in profiles),
        )
    return found


def terms_of(version: ProcessorVersion | None) -> ProcessorTerms | None:
    """Return what counts of a version, None for none; a tenant sees only its own part of the scope."""
    if version is None:
        return None
    named = frozenset(version.limited_to.values_list("tenant_id", flat=True)) if version.is_limited else None
    return version.terms(named or (frozenset({NOBODY}) if version.is_limited else frozenset()))


def told_tenants(
    before: ProcessorTerms | None, after: ProcessorTerms, now: datetime, *, only: Collection[UUID] = ()
) -> list[Tenant]:
    """Return the tenants in life that a change is announced to."""
    rows = Tenant.objects.filter(state__in=LIVE)
    tenants = list(rows.filter(pk__in=only) if only else rows)
    facts = concerned_by_tenant(tenants, now)
    return [tenant for tenant in tenants if is_told(before, after, facts[tenant.pk])]


def standings(change: ProcessorChange, now: datetime, *, only: Collection[UUID] = ()) -> list[ChangeStanding]:
    """Return where each tenant told of a change, or to be told, stands with it."""
    after = terms_of(change.version)
    if after is None:  # never: a change is of something
        return []
    told = told_tenants(terms_of(change.replaces), after, now, only=only)
    return _standings(change, told, now)


def _standings(change: ProcessorChange, tenants: Iterable[Tenant], now: datetime) -> list[ChangeStanding]:
    notices: dict[UUID, list[ChangeNotice]] = {}
    for notice in change.notices.all():
        notices.setdefault(notice.tenant_id, []).append(notice)
    objections = {one.tenant_id: one for one in change.objections.all()}
    found = []
    for tenant in tenants:
        sent = notices.get(tenant.pk, [])
        live = next((one for one in sent if one.returned_at is None), None)
        last_on = ends_at = None
        if live and live.received_at:
            last_on = last_day(tenant.today(live.received_at), tenant)
            ends_at = end_of_day(last_on, ZoneInfo(tenant.timezone))
        objection = objections.get(tenant.pk)
        returned = sum(one.returned_at is not None for one in sent)
        found.append(ChangeStanding(tenant, live, last_on, ends_at, objection, returned, now))
    return found


def change_standing(change: ProcessorChange, tenant: Tenant, now: datetime) -> ChangeStanding:
    """Return where one tenant stands with a change."""
    return _standings(change, [tenant], now)[0]


def start_for(change: ProcessorChange, rows: Iterable[ChangeStanding], now: datetime) -> Start:
    """Return from when a change may start, from where the tenants stand with it."""
    planned_at = datetime.combine(change.planned_on, datetime.min.time(), tzinfo=HOUSE)
    return start_of([row.ends_at for row in rows], planned_at=planned_at, now=now)


def processors_for(tenant: Tenant, now: datetime) -> list[ProcessorVersion]:
    """Return who works for a tenant today: what it objected to, or can still object to, does not yet."""
    return processors_by_tenant([tenant], now)[tenant.pk]


def processors_by_tenant(tenants: Collection[Tenant], now: datetime) -> dict[UUID, list[ProcessorVersion]]:
    """Return who works today for each of these tenants, as `processors_for` says of one."""
    facts = concerned_by_tenant(tenants, now)
    found: dict[UUID, list[ProcessorVersion]] = {tenant.pk: [] for tenant in tenants}
    for version in ProcessorVersion.objects.in_force(house_day(now)).select_related("change__replaces"):
        change = getattr(version, "change", None)
        rows = _standings(change, tenants, now) if change is not None else []
        held = {row.tenant.pk for row in rows if row.is_held}
        before = change.replaces if change is not None and held else None
        terms = {one.pk: terms_of(one) for one in (version, before) if one is not None}
        for tenant in tenants:
            stands = before if tenant.pk in held else version
            if stands is not None and _works_for(terms[stands.pk], facts[tenant.pk]):
                found[tenant.pk].append(stands)
    return found


def _works_for(terms: ProcessorTerms | None, tenant: Concerned) -> bool:
    return terms is not None and works_for(terms.scope, tenant)


def pending_for(tenant: Tenant, now: datetime) -> list[tuple[ProcessorChange, ChangeStanding]]:
    """Return the changes a tenant was told of that are to come, or that it still has a word on."""
    rows = ProcessorChange.objects.filter(withdrawn_at=None).select_related("version", "replaces")
    found = []
    for change in rows.filter(notices__tenant_id=tenant.pk).distinct():
        standing = change_standing(change, tenant, now)
        if change.is_pending or standing.is_held:
            found.append((change, standing))
    return found


def open_objections() -> int:
    """Return how many objections wait to be settled."""
    return ChangeObjection.objects.filter(settled_at=None).count()


def is_refused(gateway: str, tenant: Tenant, now: datetime) -> bool:
    """Return whether those a door of ours leads to may not work for a tenant.

    Nobody is refused where the door leads to nobody else. Who objects to what is new about a sub-processor
    refuses that, not the one that worked for it before; who objects to another one in its place does.
    """
    behind = ProcessorVersion.objects.in_force(house_day(now)).filter(gateway=gateway)
    there = set(behind.values_list("registration", flat=True))
    return bool(there) and not there & {version.registration for version in processors_for(tenant, now)}


def gar_tenants() -> list[Tenant]:
    """Return the tenants whose people come by GAR."""
    return list(Tenant.objects.filter(pk__in=GarTenant.objects.values("tenant_id")))


def limited_names(version: ProcessorVersion) -> list[str]:
    """Return the names of the tenants a sub-processor is limited to. As the operator."""
    rows = Tenant.objects.filter(pk__in=ProcessorTenant.objects.filter(version=version).values("tenant_id"))
    return list(rows.values_list("name", flat=True))
