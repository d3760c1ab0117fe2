"""Add a pupil, correct what is written about one, note that one has left or is back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from audit.actions import log_action
from classrooms.actions.cancel_invitations import cancel_invitations_without_child
from classrooms.actions.take_seats import count_seats, take_seats
from classrooms.models import Enrolment, Guardian, Student
from contracts.policy.clauses import keeps
from people.actions.deactivate_person import BeingDeleted
from people.models import Person
from tenants.models import Tenant


@transaction.atomic
@keeps("LG-U3.1o")
def add_student(
    *,
    fields: Mapping[str, Any],
    class_id: UUID | None,
    tenant: Tenant,
    by: Person,
    now: datetime,
    today: date,
    household_id: UUID | None = None,
) -> Student:
    """Return the new pupil, in a class or a household if one is given. Raises LicencesUsedUp."""
    take_seats(adding=1, tenant=tenant, today=today, household_id=household_id)
    student = Student.objects.create(**fields, household_id=household_id, created_at=now)
    if class_id:
        Enrolment.objects.create(student=student, school_class_id=class_id, starts_on=today)
    count_seats(tenant=tenant, now=now, household_id=household_id)
    log_action(
        "student.created", by=by, on=student, at=now, about=[student.pk], personal={"name": student.full_name}
    )
    return student


@transaction.atomic
def change_student(
    *,
    student: Student,
    fields: Mapping[str, Any],
    class_id: UUID | None,
    by: Person,
    now: datetime,
    today: date,
) -> Student:
    """Return the pupil as corrected; what changed, old to new, is in the audit trail. Raises BeingDeleted."""
    student = locked_student(student)
    changes = {
        name: [str(getattr(student, name)), str(value)]
        for name, value in fields.items()
        if getattr(student, name) != value
    }
    for name, value in fields.items():
        setattr(student, name, value)
    student.save(update_fields=list(fields))
    if move(student=student, class_id=class_id, today=today):
        changes["class"] = ["", str(class_id or "")]
    if changes:
        facts = {"fields": sorted(changes)}
        log_action(
            "student.changed", by=by, on=student, at=now, about=[student.pk], facts=facts, personal=changes
        )
    return student


def locked_student(student: Student) -> Student:
    """Return the pupil as they stand, locked for the transaction. Raises BeingDeleted."""
    rows: Any = Student._base_manager.select_for_update(of=("self",)).select_related("person")
    row: Student = rows.get(pk=student.pk)
    if row.hidden_at is not None:
        raise BeingDeleted(row.pk, row.full_name, is_frozen=row.frozen_at is not None)
    return row


def move(*, student: Student, class_id: UUID | None, today: date) -> bool:
    """Return whether the pupil had to be put in another class, from today on."""
    now_in = student.enrolments.filter(ends_on=None).first()
    if (now_in.school_class_id if now_in else None) == class_id:
        return False
    if now_in and now_in.starts_on == today:
        now_in.delete()
    elif now_in:
        student.enrolments.filter(pk=now_in.pk).update(ends_on=today)
    if class_id:
        Enrolment.objects.create(student=student, school_class_id=class_id, starts_on=today)
    return True


@transaction.atomic
def note_departure(*, student: Student, tenant: Tenant, by: Person, now: datetime, today: date) -> Student:
    """Return the pupil, gone since today: in no class, taking no licence; the record stays."""
    student = locked_student(student)
    if student.left_on is None:
        move(student=student, class_id=None, today=today)
        student.left_on = today
        student.save(update_fields=["left_on"])
        count_seats(tenant=tenant, now=now, household_id=student.household_id)
        log_action("student.left", by=by, on=student, at=now, about=[student.pk])
        guardians = Guardian.objects.filter(guardianships__student=student)
        cancel_invitations_without_child(guardians, by=by, now=now)
    return student


@transaction.atomic
def note_return(*, student: Student, tenant: Tenant, by: Person, now: datetime, today: date) -> Student:
    """Return the pupil, back and taking a licence again. Raises LicencesUsedUp."""
    student = locked_student(student)
    if student.left_on is not None:
        take_seats(adding=1, tenant=tenant, today=today, household_id=student.household_id)
        student.left_on = None
        student.save(update_fields=["left_on"])
        count_seats(tenant=tenant, now=now, household_id=student.household_id)
        log_action("student.back", by=by, on=student, at=now, about=[student.pk])
    return student
