"""Take pupils out of everyone's sight while their deletion can still be undone or their data is frozen, or
bring them back.
"""

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from classrooms.actions.take_seats import count_seats, take_seats
from classrooms.models import Student
from classrooms.queries.seats import seats
from contracts.policy.clauses import keeps
from tenants.models import Tenant


@keeps("LG-S12l")
def hide_students(*, student_ids: Collection[UUID], tenant: Tenant, now: datetime) -> int:
    """Return how many pupils nobody sees any more from now on: they take no licence."""
    rows = Student._base_manager.filter(pk__in=student_ids, hidden_at=None)
    active = _active(rows)
    hidden: int = rows.update(hidden_at=now)
    _count(active, tenant, now)
    return hidden


@keeps("LG-S12l")
def show_students(*, student_ids: Collection[UUID], tenant: Tenant, now: datetime, today: date) -> int:
    """Return how many pupils are seen again as before, each taking a licence again.

    Who is frozen stays hidden. Where no contract runs any more nobody is served, and no licence is asked for.
    Raises LicencesUsedUp.
    """
    rows = Student._base_manager.filter(pk__in=student_ids, frozen_at=None).exclude(hidden_at=None)
    active = _active(rows)
    for household_id, adding in active.items():
        if seats(tenant, today, household_id=household_id).bought:
            take_seats(adding=adding, tenant=tenant, today=today, household_id=household_id)
    shown: int = rows.update(hidden_at=None)
    _count(active, tenant, now)
    return shown


def freeze_students(*, student_ids: Collection[UUID], tenant: Tenant, now: datetime) -> int:
    """Return how many pupils are kept and used for nothing from now on: hidden, whatever hid them before."""
    hide_students(student_ids=student_ids, tenant=tenant, now=now)
    frozen: int = Student._base_manager.filter(pk__in=student_ids, frozen_at=None).update(frozen_at=now)
    return frozen


def thaw_students(*, student_ids: Collection[UUID], tenant: Tenant, now: datetime, today: date) -> int:
    """Return how many pupils are seen again, who were frozen. Raises LicencesUsedUp."""
    Student._base_manager.filter(pk__in=student_ids).update(frozen_at=None)
    return show_students(student_ids=student_ids, tenant=tenant, now=now, today=today)


def _active(rows: Any) -> Counter[UUID | None]:
    """Return how many of the pupils have not left, by household."""
    return Counter(rows.filter(left_on=None).values_list("household_id", flat=True))


def _count(households: Collection[UUID | None], tenant: Tenant, now: datetime) -> None:
    for household_id in households:
        count_seats(tenant=tenant, now=now, household_id=household_id)
