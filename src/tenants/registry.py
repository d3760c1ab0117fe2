"""What apps above add to a tenant's life."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

Opening = Callable[[Any, datetime], None]
Migrated = Callable[[datetime], object]
SubTenantMaker = Callable[[UUID, str, datetime], UUID]
Erasing = Callable[[Any, datetime], None]
DaysChosen = Callable[[], int | None]
TermsBound = Callable[[Any, Any], date | None]
_OPENINGS: list[Opening] = []
_MIGRATED: list[Migrated] = []
_ERASINGS: list[Erasing] = []
_CHOICES: list[DaysChosen] = []
_TERMS: list[TermsBound] = []
_CIRCLE_MAKERS: list[SubTenantMaker] = []


def on_opening(seed: Opening) -> Opening:
    """Register what a new tenant starts with.

    Called as `seed(tenant, now)` inside it, in the opening transaction.
    """
    if seed not in _OPENINGS:
        _OPENINGS.append(seed)
    return seed


def provisioning_hooks() -> list[Opening]:
    """Return the seeds in the order of the apps."""
    return list(_OPENINGS)


def on_migrated(finish: Migrated) -> Migrated:
    """Register what is done with the product's own rules once the shared schema is at its newest version.

    Called as `finish(now)` outside of any transaction, each time: migrations know their own day’s tables.
    """
    if finish not in _MIGRATED:
        _MIGRATED.append(finish)
    return finish


def migrated_hooks() -> list[Migrated]:
    """Return what is done after migrating, in the order of the apps."""
    return list(_MIGRATED)


def on_sub_tenant(make: SubTenantMaker) -> SubTenantMaker:
    """Register what makes a circle in a shared tenant: called as `make(circle_id, email, now)` inside it.

    It invites the address to administer the circle and returns the circle's id: that of the circle which the
    address administers already, else the one given, or a new one where another address administers that.
    """
    _CIRCLE_MAKERS[:] = [make]
    return make


def sub_tenant_maker() -> SubTenantMaker:
    """Return what makes circles."""
    return _CIRCLE_MAKERS[0]


def on_erasing(first: Erasing) -> Erasing:
    """Register what happens before a tenant is dropped.

    Called as `first(tenant, now)`, as the operator, same transaction.
    """
    if first not in _ERASINGS:
        _ERASINGS.append(first)
    return first


def erasings() -> list[Erasing]:
    """Return what happens before a tenant is dropped."""
    return list(_ERASINGS)


def choice_source(find: DaysChosen) -> DaysChosen:
    """Register who knows for how many days the controller keeps all of it after the end.

    `find()`, inside the tenant.
    """
    _CHOICES[:] = [find]
    return find


def days_chosen() -> int | None:
    """Return the controller's own choice for the tenant we are inside, None when it made none."""
    return _CHOICES[0]() if _CHOICES else None


def terms_source(find: TermsBound) -> TermsBound:
    """Register who knows since when terms of sale bind a contract: called as `find(contract, terms)`."""
    _TERMS[:] = [find]
    return find


def terms_bound_since(contract: Any, terms: Any) -> date | None:
    """Return the renewal since which a version binds a contract that runs, None where it doesn't yet."""
    return _TERMS[0](contract, terms) if _TERMS else None
