"""Freeze data: it is kept and used for nothing (GDPR 18), until the freeze is lifted."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from agenda.actions import enqueue_message
from audit.actions import log_action
from classrooms.actions.hide_students import freeze_students, thaw_students
from contracts.policy.clauses import keeps
from dpa.models import DataRequest, Erasure, Restriction
from dpa.queries.subjects import subjects_of, traces_of
from exports.actions.end_export import FROZEN, end_exports_holding
from people.actions.deactivate_person import deactivate_person, reactivate_person
from people.models import Person
from tenants.queries import tenant_row


class NobodyToFreeze(Exception):
    """Raised when a request doesn't say whose data it is about."""


class FrozenAlready(Exception):
    """Raised when the data is frozen for this request."""


class NotFrozen(Exception):
    """Raised when nothing is frozen for this request."""


class GoesMeanwhile(Exception):
    """Raised when a freeze would be lifted of data whose deletion is under way."""


@transaction.atomic
@keeps("LG-D10.1")
def freeze(*, request: DataRequest, by: Person, now: datetime) -> Restriction:
    """Return the freeze of the data a request is about: seen by nobody but who exports it.

    Pupils are on no page, list, mail or picture any more, their accounts and those of adults are closed,
    archives that hold them end, and no retention period takes them. Raises NobodyToFreeze, FrozenAlready,
    LastAdministrator, CannotGive.
    """
    if not request.subjects:
        raise NobodyToFreeze
    if request.restrictions.filter(ended_at=None).exists():
        raise FrozenAlready
    subjects = subjects_of(request.subjects)
    pupils = [one.pk for one in subjects.students]
    own = [one.person_id for one in subjects.students if one.person_id]
    accounts = [*own, *(one.pk for one in subjects.people)]
    frozen = Restriction.objects.create(
        request=request, subjects=list(subjects.ids), began_at=now, began_by=by.pk
    )
    frozen.accounts = _close(accounts, frozen.pk, by=by, now=now)
    frozen.save(update_fields=["accounts"])
    freeze_students(student_ids=pupils, tenant=tenant_row(), now=now)
    end_exports_holding(traces_of(subjects), now=now, reason=FROZEN)
    log_action("rights.frozen", by=by, on=request, at=now, about=frozen.subjects)
    return frozen


def _close(accounts: Collection[UUID], freeze_id: UUID, *, by: Person, now: datetime) -> list[UUID]:
    """Return the accounts that were open, closed for as long as the freeze stands.

    The operator, where it is the controller, has no account here whose rights would count.
    """
    closed = []
    actor = by if Person.objects.filter(pk=by.pk).exists() else None
    for person in Person.objects.active().filter(pk__in=accounts):
        deactivate_person(person=person, by=actor, now=now, closed_for=freeze_id)
        closed.append(person.pk)
    return closed


@transaction.atomic
def thaw(*, request: DataRequest, by: Person, now: datetime) -> Restriction:
    """Return the freeze, lifted: all is as it was; who asked for it is told (GDPR 18-3).

    What another freeze still holds stays frozen. Raises NotFrozen, GoesMeanwhile, LicencesUsedUp.
    """
    frozen = Restriction.objects.select_for_update().filter(request=request, ended_at=None).first()
    if frozen is None:
        raise NotFrozen
    if Erasure.objects.open().about(frozen.subjects).exists():
        raise GoesMeanwhile
    frozen.ended_at, frozen.ended_by = now, by.pk
    frozen.save(update_fields=["ended_at", "ended_by"])
    held = {one for row in Restriction.objects.filter(ended_at=None) for one in row.subjects}
    tenant = tenant_row()
    free = [one for one in frozen.subjects if one not in held]
    thaw_students(student_ids=free, tenant=tenant, now=now, today=tenant.today(now))
    for person in Person.objects.filter(pk__in=frozen.accounts, closed_for=frozen.pk):
        reactivate_person(person=person, by=None, now=now, closed_for=frozen.pk)
    log_action("rights.thawed", by=by, on=request, at=now, about=frozen.subjects)
    ids = {"request": str(request.pk)}
    enqueue_message("dpa/rights_thawed", ids=ids, now=now, key=f"rights-thawed-{frozen.pk}")
    return frozen
