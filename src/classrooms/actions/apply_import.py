"""Apply a confirmed import: everything or nothing."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from agenda.actions import settle
from audit.actions import write
from classrooms.actions.open_year import open_year
from classrooms.actions.take_seats import count_seats, take_seats
from classrooms.gateways.rows import copy_enrolments, copy_students, update_students
from classrooms.models import Enrolment, Guardian, Guardianship, ImportBatch, SchoolClass, Student
from classrooms.policy.licences import LicencesUsedUp
from classrooms.policy.names import name_key
from classrooms.policy.onde import PupilRow
from classrooms.policy.plan import Plan, Recognised
from classrooms.queries.imports import as_counts, plan_of, refusals_of


@transaction.atomic
def apply_import(*, batch_id: UUID, tenant: Any, now: datetime, today: date) -> ImportBatch:
    """Return the import, applied in this one transaction, or stopped because it no longer is what was agreed.

    An import that isn't waiting to be applied is left as it is: applying twice does nothing.
    """
    batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("created_by").get(pk=batch_id)
    if batch.state != ImportBatch.State.WAITING:
        return batch
    plan = plan_of(batch)
    if plan.fingerprint() != batch.agreed:
        return _stop(batch, "plan_changed", now)
    try:
        take_seats(adding=plan.adding, tenant=tenant, today=today)
    except LicencesUsedUp:
        return _stop(batch, "licences", now)
    return _finish(batch, plan, carry_out(plan, now=now, today=today), tenant=tenant, now=now)


def carry_out(plan: Plan, *, now: datetime, today: date) -> list[UUID]:
    """Return the ids of the pupils created or changed, the whole plan being carried out."""
    created = [_student(new.row, now) for new in plan.created]
    copy_students(created)
    update_students([_updated(found) for found in plan.changed if found.changes])
    _enrol(plan, created, today)
    _link(plan, created, now)
    return [student.id for student in created] + [found.known.id for found in plan.changed]


def _student(row: PupilRow, now: datetime) -> Student:
    return Student(
        id=uuid4(),
        last_name=row.last_name,
        used_name=row.used_name or "",
        first_name=row.first_name,
        birth_on=row.birth_on,
        level=row.level or "",
        created_at=now,
    )


def _updated(found: Recognised) -> tuple[UUID, str, str, str, date, str]:
    row, known = found.row, found.known
    used = known.used_name if row.used_name is None else row.used_name
    level = known.level if row.level is None else row.level
    return known.id, row.last_name, used, row.first_name, row.birth_on, level


def _enrol(plan: Plan, created: list[Student], today: date) -> None:
    moved = [
        (found.known.id, found.row)
        for found in plan.changed
        if any(change.field in {"class_name", "left_on"} for change in found.changes)
    ]
    placed = [(student.id, new.row) for student, new in zip(created, plan.created, strict=True)] + moved
    classes = _classes((row for _, row in placed), today)
    ids = [student_id for student_id, _ in moved]
    Enrolment.objects.filter(student_id__in=ids, ends_on=None, starts_on=today).delete()
    Enrolment.objects.filter(student_id__in=ids, ends_on=None).update(ends_on=today)
    copy_enrolments(
        Enrolment(id=uuid4(), student_id=student_id, school_class_id=classes[name_key(row.class_name)], starts_on=today)
        for student_id, row in placed
        if row.class_name
    )


def _classes(rows: Iterable[PupilRow], today: date) -> dict[str, UUID]:
    """Return this year's classes by name, those the file names and nobody had being made."""
    year = open_year(today)
    classes = {name_key(name): pk for pk, name in year.classes.values_list("id", "name")}
    new: dict[str, SchoolClass] = {}
    for row in rows:
        if row.class_name and (key := name_key(row.class_name)) not in classes and key not in new:
            new[key] = SchoolClass(year=year, name=row.class_name, code=row.class_code or "", level=row.level or "")
    SchoolClass.objects.bulk_create(new.values())
    return classes | {key: school_class.id for key, school_class in new.items()}


def _link(plan: Plan, created: list[Student], now: datetime) -> None:
    wanted = [(student.id, new.emails) for student, new in zip(created, plan.created, strict=True)]
    wanted += [(found.known.id, found.emails) for found in plan.changed]
    emails = sorted({email for _, found in wanted for email in found})
    if not emails:
        return
    Guardian.objects.bulk_create((Guardian(email=email, created_at=now) for email in emails), ignore_conflicts=True)
    ids = {email.lower(): pk for pk, email in Guardian.objects.values_list("id", "email")}
    Guardianship.objects.bulk_create(
        (Guardianship(guardian_id=ids[email], student_id=student_id) for student_id, found in wanted for email in found),
        ignore_conflicts=True,
    )


def _finish(batch: ImportBatch, plan: Plan, about: list[UUID], *, tenant: Any, now: datetime) -> ImportBatch:
    batch.counts = as_counts(plan, refusals_of(batch))
    batch.state, batch.applied_at = ImportBatch.State.APPLIED, now
    batch.forget_rows().save()
    settle("LG-DBs", kind="import-forgotten", subject=batch.pk, now=now)
    count_seats(tenant=tenant, now=now)
    write("import.applied", by=batch.created_by, on=batch, at=now, facts=batch.counts, personal=_said(plan), about=about)
    return batch


def _said(plan: Plan) -> dict[str, Any]:
    """Return what changed, old to new, by pupil: the erasable part of the audit entry."""
    return {
        str(found.known.id): {change.field: [str(change.old), str(change.new)] for change in found.changes}
        for found in plan.changed
        if found.changes
    }


def _stop(batch: ImportBatch, reason: str, now: datetime) -> ImportBatch:
    batch.state, batch.reason = ImportBatch.State.STOPPED, reason
    batch.save(update_fields=["state", "reason"])
    write("import.stopped", by=None, on=batch, at=now, facts={"reason": reason})
    return batch
