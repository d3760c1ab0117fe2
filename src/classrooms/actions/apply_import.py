"""Apply a confirmed import: everything or nothing."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from agenda.actions import close_obligation
from audit.actions import log_action
from classrooms.actions.open_year import open_year
from classrooms.actions.prepare_import import Upload, columns_of, read_upload
from classrooms.actions.remember_removals import forget_removals
from classrooms.actions.take_seats import count_seats, take_seats
from classrooms.gateways.rows import copy_enrolments, copy_students, new_ids, update_students
from classrooms.models import Enrolment, Guardian, Guardianship, ImportBatch, SchoolClass
from classrooms.policy.csv_file import RowError
from classrooms.policy.licences import LicencesUsedUp
from classrooms.policy.names import name_key
from classrooms.policy.onde import StudentRow
from classrooms.policy.plan import Plan, Recognised, plan_import
from classrooms.queries.imports import as_counts, known_students, plan_of, refusals_of
from classrooms.queries.removals import memory
from contracts.policy.clauses import keeps
from people.models import Person
from people.queries import permissions_of
from tenants.models import Tenant


@transaction.atomic
@keeps("LG-U3.1o")
def apply_import(*, batch_id: UUID, tenant: Tenant, now: datetime, today: date) -> ImportBatch:
    """Return the import, applied in this one transaction, or stopped because it no longer is what was agreed.

    An import that isn't waiting to be applied is left as it is: applying twice does nothing.
    """
    batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("created_by").get(pk=batch_id)
    if batch.state != ImportBatch.State.WAITING:
        return batch
    plan = plan_of(batch, today=today)
    if not _may_still(batch, today):
        return _stop(batch, "no_right", now)
    if plan.fingerprint() != batch.agreed:
        return _stop(batch, "plan_changed", now)
    try:
        take_seats(adding=plan.adding, tenant=tenant, today=today)
    except LicencesUsedUp:
        return _stop(batch, "licences", now)
    close_obligation("LG-DBs", kind="import-forgotten", subject=batch.pk, now=now)
    done = carry_out(plan, now=now, today=today)
    return _finish(batch, plan, done, refusals_of(batch), tenant=tenant, now=now)


def _may_still(batch: ImportBatch, today: date) -> bool:
    """Return whether who confirmed an import may import today: rights that end meanwhile apply nothing.

    None stands for a command.
    """
    person = batch.confirmed_by_id
    return person is None or "imports.write" in permissions_of(person, today=today)


@transaction.atomic
def import_at_once(
    upload: Upload, *, tenant: Tenant, by: Person | None, now: datetime, today: date
) -> ImportBatch:
    """Return the import of an upload, applied without a preview: for a command, whose caller has seen one.

    Raises LicencesUsedUp, and then nothing was done.
    """
    pupils, guardians = read_upload(upload, tenant=tenant, today=today)
    known = known_students(with_guardians=bool(guardians.rows))
    plan = plan_import(pupils.rows, known, guardians=guardians.rows, memory=memory(today))
    refused = [*pupils.refused, *guardians.refused]
    batch = ImportBatch(
        created_by=by, created_at=now, pupils_name=upload.pupils_name, guardians_name=upload.guardians_name
    )
    batch.dropped, batch.ignored = columns_of(pupils, guardians)
    take_seats(adding=plan.adding, tenant=tenant, today=today)
    return _finish(batch, plan, carry_out(plan, now=now, today=today), refused, tenant=tenant, now=now)


def carry_out(plan: Plan, *, now: datetime, today: date) -> list[UUID]:
    """Return the ids of the pupils created or changed, the whole plan being carried out."""
    created = new_ids(len(plan.created))
    copy_students(created, (new.row for new in plan.created), created_at=now)
    update_students([_updated(found) for found in plan.changed if found.changes])
    _enrol(plan, created, today)
    _link(plan, created, now)
    forget_removals({digest for one in plan.asked if one.is_back for digest in one.removed.digests})
    return created + [found.known.id for found in plan.changed]


def _updated(found: Recognised) -> tuple[UUID, str, str, str, date, str]:
    row = found.row
    known = found.known
    used = known.preferred_last_name if row.preferred_last_name is None else row.preferred_last_name
    level = known.level if row.level is None else row.level
    return known.id, row.last_name, used, row.first_name, row.birth_on, level


def _enrol(plan: Plan, created: list[UUID], today: date) -> None:
    moved = [
        (found.known.id, found.row)
        for found in plan.changed
        if any(change.field in {"class_name", "left_on"} for change in found.changes)
    ]
    placed = [(student_id, new.row) for student_id, new in zip(created, plan.created, strict=True)] + moved
    if moved:
        current = Enrolment.objects.filter(
            student_id__in=[student_id for student_id, _ in moved], ends_on=None
        )
        current.filter(starts_on=today).delete()
        current.update(ends_on=today)
    classes = _classes({row.class_name: row for _, row in placed if row.class_name}, today)
    copy_enrolments([(pk, classes[row.class_name]) for pk, row in placed if row.class_name], starts_on=today)


def _classes(named: dict[str, StudentRow], today: date) -> dict[str, UUID]:
    """Return this year's class for each name in a file.

    Those nobody had are made, as a row about them says.
    """
    year = open_year(today)
    known = {name_key(name): pk for pk, name in year.classes.values_list("id", "name")}
    new: dict[str, SchoolClass] = {}
    for name, row in named.items():
        if (key := name_key(name)) not in known and key not in new:
            new[key] = SchoolClass(year=year, name=name, code=row.class_code or "", level=row.level or "")
    SchoolClass.objects.bulk_create(new.values())
    known |= {key: school_class.id for key, school_class in new.items()}
    return {name: known[name_key(name)] for name in named}


def _link(plan: Plan, created: list[UUID], now: datetime) -> None:
    wanted = [(pk, new.emails) for pk, new in zip(created, plan.created, strict=True) if new.emails]
    wanted += [(found.known.id, found.emails) for found in plan.changed if found.emails]
    emails = sorted({email for _, found in wanted for email in found})
    if not emails:
        return
    Guardian.objects.bulk_create(
        (Guardian(email=email, created_at=now) for email in emails), ignore_conflicts=True
    )
    ids = {email.lower(): pk for pk, email in Guardian.objects.values_list("id", "email")}
    Guardianship.objects.bulk_create(
        (
            Guardianship(guardian_id=ids[email], student_id=student_id)
            for student_id, found in wanted
            for email in found
        ),
        ignore_conflicts=True,
    )


def _finish(
    batch: ImportBatch,
    plan: Plan,
    about: list[UUID],
    refused: list[RowError],
    *,
    tenant: Tenant,
    now: datetime,
) -> ImportBatch:
    batch.counts = as_counts(plan, refused)
    batch.state = ImportBatch.State.APPLIED
    batch.applied_at = now
    batch.forget_rows().save()
    count_seats(tenant=tenant, now=now)
    log_action(
        "import.applied",
        by=batch.created_by,
        on=batch,
        at=now,
        facts=batch.counts,
        personal=_said(plan),
        about=about,
    )
    return batch


def _said(plan: Plan) -> dict[str, Any]:
    """Return what changed, old to new, by pupil: the erasable part of the audit entry."""
    return {
        str(found.known.id): {change.field: [str(change.old), str(change.new)] for change in found.changes}
        for found in plan.changed
        if found.changes
    }


def _stop(batch: ImportBatch, reason: str, now: datetime) -> ImportBatch:
    batch.state = ImportBatch.State.STOPPED
    batch.reason = reason
    batch.save(update_fields=["state", "reason"])
    log_action("import.stopped", by=None, on=batch, at=now, facts={"reason": reason})
    return batch
