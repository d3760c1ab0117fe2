"""Ask for somebody's data to be deleted.

Access stops at once, the data goes when it can no longer be undone.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from agenda.actions import enqueue_message, open_obligation
from audit.actions import log_action
from classrooms.actions.hide_students import hide_students
from classrooms.models import Guardian, Student
from contracts.policy.months import months_after
from contracts.policy.profiles import Profile
from dpa.models import Erasure
from dpa.policy.asking import ErasureOutcome
from dpa.queries.promises import clock_for, ruling_for
from dpa.queries.subjects import (
    Subjects,
    children_with,
    guardians_to_tell,
    invitations_to,
    is_guardian_only,
    subjects_of,
    traces_of,
)
from exports.actions.end_export import LEAVING, end_exports_holding
from people.actions.deactivate_person import deactivate_person
from people.actions.invite import cancel_invitation
from people.models import Person
from tenants.queries import tenant_row

CLAUSE = "LG-DBr"
WISH = "LG-U4"
REMIND_BEFORE = timedelta(days=7)


class AlreadyAsked(Exception):
    """Raised when the deletion of one of these people is under way already; carries it."""

    def __init__(self, deletion: Erasure) -> None:
        """Keep the deletion under way."""
        super().__init__(deletion.reference)
        self.deletion = deletion


@transaction.atomic
def request_student_erasure(
    *,
    student_ids: Collection[UUID],
    by: Person | None,
    now: datetime,
    origin: str = "controller",
    answered: Collection[str] = (),
) -> Erasure:
    """Return the deletion of these pupils on the controller's word, with the accounts they sign in with.

    `answered` says which doubtful mentions in texts go and which stay (`dpa.policy.doubts`).

    Raises AlreadyAsked.
    """
    accounts = list(
        Student._base_manager.filter(pk__in=student_ids)
        .exclude(person=None)
        .values_list("person_id", flat=True)
    )
    details: dict[str, Any] = {"by": by, "now": now, "origin": origin, "answered": answered}
    return _start(Erasure.Kind.STUDENT, [*student_ids, *accounts], accounts, **details)


@transaction.atomic
def request_person_erasure(
    *,
    person: Person,
    by: Person | None,
    now: datetime,
    origin: str = "controller",
    answered: Collection[str] = (),
    then: Callable[[], None] | None = None,
) -> Erasure:
    """Return the deletion of an account on the controller's word, with what goes with closing it.

    A guardian's goes without the children's record. Raises AlreadyAsked, LastAdministrator, CannotGive.
    """
    details: dict[str, Any] = {"by": by, "now": now, "origin": origin, "answered": answered}
    deletion = _start(_kind(person), _ids_of(person), [person.pk], **details)
    if then is not None:
        then()
    return deletion


@transaction.atomic
def delete_guardian(
    *,
    guardian: Guardian,
    by: Person | None,
    now: datetime,
    origin: str = "controller",
    answered: Collection[str] = (),
) -> Erasure:
    """Return the deletion of a guardian, whether or not they have an account yet. Raises AlreadyAsked.

    Somebody who works here keeps their account: they are a guardian no more.
    """
    accounts = [guardian.person_id] if guardian.person_id and is_guardian_only(guardian.person) else []
    ids = [guardian.pk, *accounts]
    details: dict[str, Any] = {"by": by, "now": now, "origin": origin, "answered": answered}
    return _start(Erasure.Kind.GUARDIAN, ids, accounts, **details)


@transaction.atomic
def ask_to_be_deleted(*, person: Person, now: datetime) -> Erasure:
    """Return what a person's wish to delete their own account becomes.

    Carried out, or a request to the controller.

    Raises AlreadyAsked, LastAdministrator.
    """
    tenant = tenant_row()
    ruling = ruling_for(person, today=tenant.today(now))
    if ruling.how is ErasureOutcome.CARRIED_OUT:
        ids = _ids_of(person)
        accounts = [person.pk]
        if ruling.takes_children:
            children = children_with(person)
            ids += [child.pk for child in children]
            accounts += [child.person_id for child in children if child.person_id]
        kind = Erasure.Kind.FAMILY if ruling.takes_children else _kind(person)
        return _start(kind, [*ids, *accounts], accounts, by=person, now=now, origin=Erasure.Origin.USER)
    return _leave_request(person, now)


def _ids_of(person: Person) -> list[UUID]:
    """Return every id somebody has here: an account's owner may be a guardian, or a pupil."""
    guardians = Guardian.objects.filter(person=person).values_list("pk", flat=True)
    pupils = Student._base_manager.filter(person=person).values_list("pk", flat=True)
    return [person.pk, *guardians, *pupils]


def _kind(person: Person) -> str:
    if person.kind == Person.Kind.GUARDIAN:
        return Erasure.Kind.GUARDIAN
    return Erasure.Kind.STUDENT if person.kind == Person.Kind.STUDENT else Erasure.Kind.STAFF


def _start(
    kind: str,
    ids: list[UUID],
    accounts: list[UUID],
    *,
    by: Person | None,
    now: datetime,
    origin: str,
    answered: Collection[str] = (),
) -> Erasure:
    ids = sorted(set(ids))
    refuse_twice(ids)
    deletion = Erasure(
        kind=kind,
        origin=origin,
        subjects=ids,
        answers=list(answered),
        requested_by=getattr(by, "pk", None),
        requested_at=now,
        decided_at=now,
    )
    return carry_out(deletion, accounts, by=by, now=now)


def refuse_twice(ids: Collection[UUID]) -> None:
    """Raise AlreadyAsked when one of these people is being deleted already."""
    under_way = Erasure.objects.open().about(ids).first()
    if under_way is not None:
        raise AlreadyAsked(under_way)


def carry_out(deletion: Erasure, accounts: Collection[UUID], *, by: Person | None, now: datetime) -> Erasure:
    """Stop access now, start the clock and promise the erasure and its alarm."""
    tenant = tenant_row()
    clock = clock_for(tenant.profiles(tenant.today(now)), asked_at=now)
    deletion.closed_accounts = _close(deletion.pk, accounts, by=by, now=now)
    deletion.start(clock)
    deletion.save()
    hide_students(student_ids=deletion.subjects, tenant=tenant, now=now)
    subjects = subjects_of(deletion.subjects)
    end_exports_holding(traces_of(subjects), now=now, reason=LEAVING)
    for invitation in invitations_to(subjects).unanswered():
        cancel_invitation(invitation=invitation, by=by, now=now)
    subject = deletion.pk
    open_obligation(
        CLAUSE, kind="erase", subject=subject, run_at=clock.undo_until, due_at=clock.due_at, now=now
    )
    open_obligation(
        CLAUSE, kind="alarm", subject=subject, run_at=clock.alarm_at, due_at=clock.due_at, now=now
    )
    facts = {"kind": deletion.kind, "word": deletion.origin, "undo_until": clock.undo_until.isoformat()}
    log_action("deletion.asked", by=by, on=deletion, at=now, facts=facts, about=deletion.subjects)
    enqueue_message(
        "dpa/deletion_asked", ids={"deletion": str(subject)}, now=now, key=f"deletion-asked-{subject}"
    )
    if deletion.origin != Erasure.Origin.RETENTION:
        _tell_guardians(deletion, subjects, by=by, now=now)
    return deletion


def _tell_guardians(deletion: Erasure, subjects: Subjects, *, by: Person | None, now: datetime) -> None:
    """Tell the adults responsible for the pupils of a deletion, but who asked for it or goes too."""
    asked = [by.pk] if by is not None else []
    for guardian_id in guardians_to_tell(subjects).exclude(person_id__in=asked).values_list("pk", flat=True):
        enqueue_message(
            "dpa/child_leaves",
            ids={"deletion": str(deletion.pk), "guardian": str(guardian_id)},
            now=now,
            key=f"child-leaves-{deletion.pk}-{guardian_id}",
        )


def _close(deletion_id: UUID, accounts: Collection[UUID], *, by: Person | None, now: datetime) -> list[UUID]:
    """Return the accounts that were open, closed now for as long as the deletion isn't undone."""
    closed = []
    for person in Person.objects.active().filter(pk__in=accounts):
        own = by is not None and by.pk == person.pk
        deactivate_person(person=person, by=None if own else by, now=now, closed_for=deletion_id)
        closed.append(person.pk)
    return closed


def _leave_request(person: Person, now: datetime) -> Erasure:
    ids = sorted(_ids_of(person))
    refuse_twice(ids)
    tenant = tenant_row()
    answer_by = _answer_by(tenant.profiles(tenant.today(now)), now)
    deletion = Erasure.objects.create(
        kind=_kind(person),
        origin=Erasure.Origin.CONTROLLER,
        state=Erasure.State.WAITING,
        subjects=ids,
        requested_by=person.pk,
        requested_at=now,
        answer_by=answer_by,
    )
    open_obligation(
        WISH, kind="answer", subject=deletion.pk, run_at=answer_by - REMIND_BEFORE, due_at=answer_by, now=now
    )
    log_action("deletion.wished", by=person, on=deletion, at=now, facts={"kind": deletion.kind}, about=ids)
    enqueue_message(
        "dpa/request_received",
        ids={"deletion": str(deletion.pk)},
        now=now,
        key=f"deletion-wish-{deletion.pk}",
    )
    return deletion


def _answer_by(profiles: list[Profile], now: datetime) -> datetime:
    rights = [(profile.rights.months, profile.rights.days) for profile in profiles] or [(1, 0)]
    days = [months_after(now.date(), months) + timedelta(days=days) for months, days in rights]
    return datetime.combine(min(days), now.timetz())
