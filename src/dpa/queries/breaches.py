"""What the pages about breaches show, and what their actions read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from agenda.models import Obligation, OutboxMessage
from contracts.policy.clauses import keeps
from dpa.models import AffectedTenant, BreachDelivery, BreachNotice, BreachResponse, DataBreach
from dpa.policy.breaches import (
    AuthorityClock,
    Delivery,
    Owed,
    authority_clock,
    controller_knows_at,
    owed_next,
)
from dpa.queries.breach_figures import Scope
from dpa.queries.breach_texts import Told
from tenants.models import Contract, Tenant
from tenants.queries import names_of

CLAUSE = "LG-D10.2"
NOTICE = "notice"
ALARM = "notice-alarm"
AUTHORITY = "authority-reminder"


def scope_of(breach: DataBreach, now: datetime) -> Scope:
    """Return what a breach is about; one that goes on, up to now."""
    return Scope(tuple(breach.categories), breach.account_id, breach.began_at, breach.ended_at or now)


def told_of(affected: AffectedTenant) -> dict[str, Any]:
    """Return what a controller would be told now: facts of the breach, and their own figures."""
    breach = affected.breach
    return {
        "facts": breach.facts,
        "systems": breach.systems,
        "natures": sorted(breach.natures),
        "known_at": _instant(breach.known_at),
        "began_at": _instant(breach.began_at),
        "ended_at": _instant(breach.ended_at) if breach.ended_at else None,
        "categories": sorted(breach.categories),
        "account": str(breach.account_id) if breach.account_id else None,
        "effects": breach.effects,
        "measures": breach.measures,
        "contact": breach.contact,
        "people": affected.people,
        "records": affected.records,
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def last_notice(affected: AffectedTenant) -> BreachNotice | None:
    """Return what a controller was told last, None while nothing was."""
    return affected.notices.order_by("-number").first()


def scope_told(notice: BreachNotice) -> Scope:
    """Return what a controller was told a breach is about; one that went on, up to when it was written."""
    account = notice.told["account"]
    return Scope(
        tuple(notice.told["categories"]),
        UUID(account) if account else None,
        notice.moment("began_at") or notice.written_at,
        notice.moment("ended_at") or notice.written_at,
    )


def owed_to(affected: AffectedTenant) -> Owed:
    """Return which notice is owed to a controller, from what was told and what is known now."""
    if affected.is_controller_ours or affected.counted_at is None:
        return Owed.NOTHING
    last = last_notice(affected)
    return owed_next(told=last.told if last else None, current=told_of(affected))


def is_ours(tenant: Tenant, now: datetime) -> bool:
    """Return whether the operator is the controller of what a tenant holds (LG-D1)."""
    profiles = tenant.profiles(tenant.today(now))
    return bool(profiles) and all(profile.controller == "operator" for profile in profiles)


def customers_addresses(tenant_id: UUID) -> list[str]:
    """Return where the customers of a tenant are written to. As the operator."""
    rows = Contract.objects.filter(tenant_id=tenant_id, sub_tenant_id=None).exclude(customer__email="")
    return sorted(set(rows.values_list("customer__email", flat=True)))


@dataclass(frozen=True, slots=True)
class AffectedRow:
    """A tenant on the operator's page of a breach."""

    affected: AffectedTenant
    name: str
    is_gone: bool
    owed: str
    due_at: datetime | None
    notices: list[BreachNotice]

    @property
    def told(self) -> Told:
        """Return the figures in words."""
        return Told("", 0, {"people": self.affected.people, "records": self.affected.records})

    @property
    def deliveries(self) -> list[BreachDelivery]:
        """Return what was sent, the first first."""
        return [each for notice in self.notices for each in notice.deliveries.all()]

    @property
    def last(self) -> BreachDelivery | None:
        """Return what was sent last."""
        sent = self.deliveries
        return sent[-1] if sent else None


def affected_rows(breach: DataBreach) -> list[AffectedRow]:
    """Return the tenants a breach concerns, with what each was told and is owed."""
    rows = list(breach.affected.select_related("breach").prefetch_related("notices__deliveries"))
    ids = [one.tenant_id for one in rows]
    names = names_of(ids)
    gone = set(Tenant.objects.filter(pk__in=ids, state=Tenant.State.ERASED).values_list("pk", flat=True))
    due = dict(
        Obligation.objects.waiting()
        .filter(clause=CLAUSE, kind=NOTICE, subject_id__in=[one.pk for one in rows])
        .order_by("-due_at")
        .values_list("subject_id", "due_at")
    )
    return [
        AffectedRow(
            one,
            names.get(one.tenant_id, ""),
            one.tenant_id in gone,
            str(owed_to(one)),
            due.get(one.pk),
            list(one.notices.all()),
        )
        for one in rows
    ]


def register(*, drills: bool = False) -> Iterable[DataBreach]:
    """Return the register, the newest first, drills apart."""
    return DataBreach.objects.filter(is_drill=drills)


def breach_with(breach_id: UUID) -> DataBreach | None:
    """Return a breach of the register. As the operator."""
    return DataBreach.objects.filter(pk=breach_id).first()


def affected_with(affected_id: UUID) -> AffectedTenant | None:
    """Return a tenant a breach concerns. As the operator."""
    return AffectedTenant.objects.select_related("breach").filter(pk=affected_id).first()


def our_figures(breach: DataBreach) -> list[AffectedTenant]:
    """Return the tenants a breach concerns whose controller the operator is."""
    return list(breach.affected.filter(is_controller_ours=True))


def told_by_us(breach: DataBreach) -> Told:
    """Return what is known of a breach, with the figures of the people the operator answers for."""
    ours = our_figures(breach)
    facts = told_of(AffectedTenant(breach=breach)) | {
        "people": summed(one.people for one in ours),
        "records": summed(one.records for one in ours),
    }
    return Told(breach.reference, 1, facts)


# What a tenant reads of it: its own notices.


def notices_here(tenant_id: UUID, breach_id: UUID | None = None) -> list[BreachNotice]:
    """Return what the tenant we are in was told, of one breach or of all, the first first."""
    rows = BreachNotice.objects.filter(tenant_id=tenant_id).prefetch_related("deliveries")
    rows = rows.filter(breach_id=breach_id) if breach_id else rows
    return list(rows.order_by("written_at", "number"))


def response_to(breach_id: UUID, *, is_drill: bool) -> BreachResponse:
    """Return what the controller we are decided on a breach, or an unsaved row where nothing was."""
    found = BreachResponse.objects.filter(breach_id=breach_id).first()
    return found or BreachResponse(breach_id=breach_id, is_drill=is_drill)


@keeps("LG-D10.2")
def clock_of(notices: Iterable[BreachNotice], response: BreachResponse) -> AuthorityClock | None:
    """Return the controller's 72 hours, from when a notice reached them; None while none did."""
    sent = [each for notice in notices for each in notice.deliveries.all()]
    deliveries = [Delivery(each.sent_at, each.bounced_at is not None) for each in sent]
    known_at = controller_knows_at(deliveries=deliveries, seen_at=response.seen_at)
    return authority_clock(known_at=known_at) if known_at else None


@dataclass(frozen=True, slots=True)
class Messages:
    """What became of the messages to people: how many left, wait, and had no address any more."""

    sent: int
    waiting: int
    moot: int

    @property
    def all(self) -> int:
        """Return how many were written."""
        return self.sent + self.waiting + self.moot


def messages_to_people(breach_id: UUID) -> Messages:
    """Return what became of the messages to the people a breach is about, of all that can be seen here."""
    rows = OutboxMessage.objects.filter(key__startswith=people_key(breach_id))
    states = list(rows.values_list("state", flat=True))
    state = OutboxMessage.State
    return Messages(states.count(state.SENT), states.count(state.WAITING), states.count(state.MOOT))


def people_key(breach_id: UUID) -> str:
    """Return how the keys of messages to the people a breach is about begin."""
    return f"breach-people-{breach_id}-"


def keys_of_people(breach_id: UUID) -> set[str]:
    """Return the keys of the messages to people that were written already."""
    rows = OutboxMessage.objects.filter(key__startswith=people_key(breach_id))
    return set(rows.values_list("key", flat=True))


def summed(rows: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return counts of several tenants together."""
    total: dict[str, int] = {}
    for row in rows:
        for name, count in row.items():
            total[name] = total.get(name, 0) + count
    return dict(sorted(total.items()))


def delivery_with(delivery_id: UUID) -> BreachDelivery | None:
    """Return one sending of a notice. As the operator."""
    return BreachDelivery.objects.select_related("notice__affected__breach").filter(pk=delivery_id).first()
