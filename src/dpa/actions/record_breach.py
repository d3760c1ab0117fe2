"""Keep the register of breaches: what happened, whom it concerns, and that it is dealt with."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from agenda.actions import close_obligation, open_obligation
from audit.actions import log_action
from contracts.policy.clauses import keeps
from dpa.models import AffectedTenant, BreachResponse, DataBreach
from dpa.policy.breaches import NOTICE_WITHIN, Owed, authority_clock, notice_clock
from dpa.queries.breach_figures import figures_here
from dpa.queries.breaches import ALARM, CLAUSE, NOTICE, is_ours, last_notice, owed_to, scope_of
from isolation.context import inside
from people.models import Person
from tenants.models import Tenant

OURS = ("LG-D1", "authority")


class StillOwed(Exception):
    """Raised when a breach would be closed while a controller is owed a notice."""


class NoReason(Exception):
    """Raised when a breach nobody was told of would be closed without saying why (GDPR 33-5)."""


@dataclass(frozen=True, slots=True)
class BreachFacts:
    """What is known of a breach."""

    known_at: datetime
    began_at: datetime
    ended_at: datetime | None
    facts: str
    systems: str
    natures: Collection[str]
    effects: str = ""
    measures: str = ""
    contact: str = ""

    def values(self) -> dict[str, Any]:
        """Return them by the names of the register."""
        return {
            "known_at": self.known_at,
            "began_at": self.began_at,
            "ended_at": self.ended_at,
            "facts": self.facts,
            "systems": self.systems,
            "natures": sorted(self.natures),
            "effects": self.effects,
            "measures": self.measures,
            "contact": self.contact,
        }


@transaction.atomic
def record_breach(*, facts: BreachFacts, is_drill: bool, by: Person | None, now: datetime) -> DataBreach:
    """Return the breach as it enters the register. As the operator."""
    breach = DataBreach.objects.create(
        is_drill=is_drill, recorded_by=by.pk if by else None, recorded_at=now, **facts.values()
    )
    log_action("data_breach.recorded", by=by, on=breach, at=now, facts={"drill": is_drill})
    return breach


@transaction.atomic
def change_breach(*, breach: DataBreach, facts: BreachFacts, by: Person | None, now: datetime) -> DataBreach:
    """Return the breach with what is known now, counted again; who was told is owed what changed."""
    before = {name: getattr(breach, name) for name in facts.values()}
    changed = sorted(name for name, value in facts.values().items() if before[name] != value)
    if not changed:
        return breach
    for name in changed:
        setattr(breach, name, facts.values()[name])
    breach.save(update_fields=changed)
    log_action("data_breach.changed", by=by, on=breach, at=now, facts={"fields": changed})
    count_again(breach=breach, now=now)
    return breach


@transaction.atomic
def scope_breach(
    *,
    breach: DataBreach,
    tenant_ids: Collection[UUID],
    categories: Collection[str],
    account_id: UUID | None,
    by: Person | None,
    now: datetime,
) -> list[AffectedTenant]:
    """Return whom a breach concerns from now on, counted; who was told of it already stays.

    It is about the categories, or about what an account did between its beginning and its end.
    """
    breach.categories, breach.account_id = sorted(categories), account_id
    breach.save(update_fields=["categories", "account_id"])
    wanted = set(tenant_ids)
    known = {one.tenant_id: one for one in breach.affected.all()}
    for tenant_id, one in known.items():
        if tenant_id not in wanted and last_notice(one) is None:
            _release(one, now)
    for tenant in Tenant.objects.filter(pk__in=wanted - known.keys()).order_by("name", "id"):
        ours = is_ours(tenant, now)
        AffectedTenant.objects.create(
            breach=breach, tenant_id=tenant.pk, is_controller_ours=ours, added_at=now
        )
    facts = {"tenants": breach.affected.count(), "category": ", ".join(breach.categories)}
    log_action("data_breach.scoped", by=by, on=breach, at=now, facts=facts)
    count_again(breach=breach, now=now)
    return list(breach.affected.all())


def _release(one: AffectedTenant, now: datetime) -> None:
    for kind in (NOTICE, ALARM):
        close_obligation(CLAUSE, kind=kind, subject=one.pk, now=now, evidence={"why": "not concerned"})
    one.delete()


@keeps("LG-D10.2")
def count_again(*, breach: DataBreach, now: datetime) -> None:
    """Count inside each tenant a breach concerns whom and how much it is about, and owe what follows.

    What a tenant held that is destroyed meanwhile stays as it was counted last. As the operator.
    """
    scope = scope_of(breach, now)
    for one in breach.affected.select_related("breach"):
        tenant = Tenant.objects.exclude(state=Tenant.State.ERASED).filter(pk=one.tenant_id).first()
        if tenant is not None:
            with inside(tenant):
                found = figures_here(scope)
            one.mark_counted(people=dict(found.people), records=dict(found.records), at=now)
        owe_notice(one, now=now)
    _owe_authority(breach, now)


@keeps("LG-D10.2")
def owe_notice(affected: AffectedTenant, *, now: datetime) -> None:
    """Owe a controller what they aren't told yet, or nothing once they know all that is known."""
    owed = owed_to(affected)
    last = last_notice(affected)
    number = (last.number if last else 0) + 1
    if owed is Owed.NOTHING:
        for kind in (NOTICE, ALARM):
            close_obligation(
                CLAUSE,
                kind=kind,
                subject=affected.pk,
                now=now,
                occurrence=str(number),
                evidence={"why": "told"},
            )
        return
    since = _concerned_from(affected) if owed is Owed.FIRST else now
    schedule_notice(affected, occurrence=str(number), since=since, now=now)


def _concerned_from(affected: AffectedTenant) -> datetime:
    """Return from when on a first notice is owed: whom the first scope names, from when the breach was known;
    who is found later, from then.
    """
    earlier = affected.breach.affected.filter(added_at__lt=affected.added_at).exists()
    return affected.added_at if earlier else affected.breach.known_at


def schedule_notice(affected: AffectedTenant, *, occurrence: str, since: datetime, now: datetime) -> None:
    """Promise a notice and the alarm that it is late; a notice owed already keeps its time."""
    clock = notice_clock(known_at=affected.breach.known_at, owed_from=since)
    of: dict[str, Any] = {"subject": affected.pk, "occurrence": occurrence, "tenant_id": affected.tenant_id}
    open_obligation(CLAUSE, kind=NOTICE, run_at=now, due_at=clock.due_at, now=now, **of)
    alarm_due = clock.alarm_at + NOTICE_WITHIN
    open_obligation(CLAUSE, kind=ALARM, run_at=clock.alarm_at, due_at=alarm_due, now=now, **of)


def _owe_authority(breach: DataBreach, now: datetime) -> None:
    """Owe the authority our own notification where people we answer for are concerned (LG-D1)."""
    if not breach.affected.filter(is_controller_ours=True).exists():
        return
    clock = authority_clock(known_at=breach.known_at)
    BreachResponse.objects.get_or_create(
        breach_id=breach.pk, defaults={"seen_at": breach.known_at, "is_drill": breach.is_drill}
    )
    open_obligation(
        OURS[0], kind=OURS[1], subject=breach.pk, run_at=clock.reminder_at, due_at=clock.due_at, now=now
    )


@transaction.atomic
def close_breach(*, breach: DataBreach, not_notified: str, by: Person | None, now: datetime) -> None:
    """Keep that a breach is dealt with. Raises StillOwed, and NoReason where nobody was told."""
    rows = list(breach.affected.select_related("breach"))
    if any(owed_to(one) is not Owed.NOTHING for one in rows):
        raise StillOwed
    told = any(last_notice(one) for one in rows) or _authority_told(breach)
    if not told and not not_notified.strip():
        raise NoReason
    breach.close(at=now, not_notified=not_notified.strip())
    log_action("data_breach.closed", by=by, on=breach, at=now, facts={"told": told})


def _authority_told(breach: DataBreach) -> bool:
    return BreachResponse.objects.filter(breach_id=breach.pk).exclude(notified_at=None).exists()
