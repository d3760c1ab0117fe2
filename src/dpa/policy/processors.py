"""Sub-processors: whom each concerns, what a change of them is, and from when it may start."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from uuid import UUID

from contracts.policy.calendar import add_business_days
from contracts.policy.clauses import keeps

OBJECTION_BUSINESS_DAYS = 7
ADEQUACY = "adequacy"
STANDARD_CLAUSES = "standard_clauses"
OTHER = "other"
MECHANISMS = (ADEQUACY, STANDARD_CLAUSES, OTHER)
EEA = frozenset(
    {
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT"),
        *("LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "IS", "LI", "NO"),
    }
)


class Gar(StrEnum):
    """Which tenants a sub-processor works for, by whether their people come by GAR."""

    ANY = "any"
    WITHOUT = "without"
    ONLY = "only"


class ChangeKind(StrEnum):
    """What is different about a sub-processor."""

    ADDED = "added"
    REPLACED = "replaced"
    WIDENED = "widened"
    MOVED = "moved"
    MORE_DATA = "more_data"


class NoMechanism(Exception):
    """Raised when data would leave the European Economic Area without a mechanism that allows it."""


class OtherWithoutWords(Exception):
    """Raised when a transfer rests on another mechanism and nobody said which."""


@dataclass(frozen=True, slots=True)
class Concerned:
    """What decides whether a sub-processor works for a tenant."""

    tenant_id: UUID
    profiles: frozenset[str]
    uses_gar: bool = False
    is_controller: bool = True


@dataclass(frozen=True, slots=True)
class ProcessorScope:
    """For whom a sub-processor works; an empty set leaves nobody out."""

    profiles: frozenset[str] = frozenset()
    tenants: frozenset[UUID] = frozenset()
    gar: str = Gar.ANY


@dataclass(frozen=True, slots=True)
class ProcessorTerms:
    """What of a sub-processor counts when it changes."""

    name: str
    registration: str
    country: str
    mechanism: str = ""
    categories: frozenset[str] = frozenset()
    scope: ProcessorScope = field(default_factory=ProcessorScope)


@keeps("LG-D8")
def in_scope(scope: ProcessorScope, tenant: Concerned) -> bool:
    """Return whether a sub-processor works for a tenant which decides on its data itself: it has a word."""
    return tenant.is_controller and works_for(scope, tenant)


@keeps("LG-D8")
def works_for(scope: ProcessorScope, tenant: Concerned) -> bool:
    """Return whether a sub-processor works for a tenant, whoever decides on its data.

    One whose contract has ended is left out by no offer: what is still kept for it is worked on as before.
    """
    if scope.tenants and tenant.tenant_id not in scope.tenants:
        return False
    if scope.profiles and tenant.profiles and not scope.profiles & tenant.profiles:
        return False
    return scope.gar == Gar.ANY or tenant.uses_gar == (scope.gar == Gar.ONLY)


@keeps("LG-D8", "LG-D9")
def kinds_of_change(before: ProcessorTerms | None, after: ProcessorTerms) -> frozenset[ChangeKind]:
    """Return what changes between two states of a sub-processor; none where only its papers do."""
    if before is None:
        return frozenset({ChangeKind.ADDED})
    kinds = {
        ChangeKind.REPLACED: (before.name, before.registration) != (after.name, after.registration),
        ChangeKind.MOVED: (before.country, before.mechanism) != (after.country, after.mechanism),
        ChangeKind.MORE_DATA: not after.categories <= before.categories,
        ChangeKind.WIDENED: _is_wider(before.scope, after.scope),
    }
    return frozenset(kind for kind, is_so in kinds.items() if is_so)


def _is_wider(before: ProcessorScope, after: ProcessorScope) -> bool:
    wider_gar = before.gar not in (Gar.ANY, after.gar)
    return (
        wider_gar
        or _reaches_more(before.profiles, after.profiles)
        or _reaches_more(before.tenants, after.tenants)
    )


def _reaches_more(before: Collection[object], after: Collection[object]) -> bool:
    """Return whether a set, of which the empty one is all, holds more than another."""
    return bool(before) and (not after or not set(after) <= set(before))


@keeps("LG-D8")
def is_told(before: ProcessorTerms | None, after: ProcessorTerms, tenant: Concerned) -> bool:
    """Return whether a tenant is told of a change: it is in scope, and something changes for it."""
    kinds = kinds_of_change(before, after)
    if not kinds or not in_scope(after.scope, tenant):
        return False
    if kinds == {ChangeKind.WIDENED} and before is not None:
        return not in_scope(before.scope, tenant)
    return True


@keeps("LG-D8", "LG-D9")
def objection_days(received_on: date, *, holidays: frozenset[date]) -> date:
    """Return the last day on which a tenant can object: 7 business days after the day of receipt."""
    return add_business_days(received_on, OBJECTION_BUSINESS_DAYS, holidays=holidays)


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """Return the first instant after a day in a time zone."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)


@dataclass(frozen=True, slots=True)
class Start:
    """Whether a change may start; if not, from when it may, None while somebody has not received it."""

    may_start: bool
    not_before: datetime | None
    not_received: int = 0


@keeps("LG-D8", "LG-D9")
def start_of(clocks: Iterable[datetime | None], *, planned_at: datetime, now: datetime) -> Start:
    """Return from when a change may start.

    `clocks` are when the time to object ends for each tenant told, None for one that has received nothing. It
    starts for nobody before the last of them, nor before it is planned.
    """
    known = list(clocks)
    missing = sum(end is None for end in known)
    if missing:
        return Start(may_start=False, not_before=None, not_received=missing)
    first = max([planned_at, *(end for end in known if end is not None)])
    return Start(may_start=now >= first, not_before=first)


@keeps("LG-D9")
def check_transfer(*, country: str, mechanism: str, words: str = "") -> None:
    """Refuse a place of processing outside of the EEA without what allows the transfer.

    Raises NoMechanism, OtherWithoutWords.
    """
    if country in EEA:
        return
    if mechanism not in MECHANISMS:
        raise NoMechanism(country)
    if mechanism == OTHER and not words.strip():
        raise OtherWithoutWords(country)
