"""How exports of pupils are built: the kinds on offer, their steps, and what each step puts in the
archive.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from classrooms.models import Guardian, Observation, SchoolClass, Student
from classrooms.queries.circles import classes_seen_by
from classrooms.queries.onde import guardians_for_import, pupils_for_import
from dpa.actions.print_record import record_pdf
from dpa.labels import column_words
from dpa.queries import tables
from dpa.queries.record import FAMILY, TEACHER, WHOLE, Reader, as_data, record_of
from dpa.queries.subjects import leaving
from exports.gateways.csv import csv_lines
from exports.models import ExportJob
from exports.policy.contents import NOTE, steps
from exports.policy.naming import file_name
from exports.registry import Asker, Out
from learning.models import Result
from people.models import Person
from people.queries import permissions_of
from tenants.queries import tenant_row

FOR_IMPORT = "for import"
Choices = list[tuple[UUID | None, str]]


def reader_of(job: ExportJob) -> Reader:
    """Return whose eyes an export is made with.

    The controller's for the whole school, else what who asked may see.
    """
    if job.kind == "school":
        return Reader(WHOLE, job.requested_by)
    return reader_now(job, at=job.requested_at)


def reader_now(job: ExportJob, *, at: datetime) -> Reader:
    """Return what who asked may see at an instant."""
    if job.kind == "children":
        return Reader(FAMILY, job.requested_by)
    held = permissions_of(job.requested_by_id, today=tenant_row().today(at))
    scope = held.get("students.read")
    if scope == "all" and "erasures.write" in held:
        return Reader(WHOLE, job.requested_by, scope)
    return Reader(TEACHER, job.requested_by, scope, held.get("record.read"), held.get("results.read"))


def students_of(job: ExportJob) -> list[Student]:
    """Return the pupils an export is about, by name: those who asked may see at this moment."""
    rows = reader_of(job).students()
    if job.kind == "class":
        rows = rows.in_class(job.subject_id)
    elif job.subject_id:
        rows = rows.filter(pk=job.subject_id)
    return list(rows.distinct().by_name() if job.kind != "school" else rows.by_name())


def about(job: ExportJob) -> list[UUID]:
    """Return the ids of the pupils and of the accounts they have.

    Of the whole school, of everybody it knows.
    """
    found = students_of(job)
    ids = [student.pk for student in found] + [student.person_id for student in found if student.person_id]
    if job.kind != "school":
        return ids
    others = (*Guardian.objects.values_list("pk", flat=True), *Person.objects.values_list("pk", flat=True))
    return sorted(
        {*ids, *others, *leaving()}
    )  # texts about others may name who is leaving until they have gone


def plan(job: ExportJob) -> list[str]:
    """Return the steps: a record per pupil, every table, the note."""
    people = [str(student.pk) for student in students_of(job)]
    whole = job.kind == "school"
    listed = tables.personal_data_models() if whole else tables.of_students()
    told = steps(
        people=people,
        tables=[] if job.kind == "children" else listed,
        held=tables.personal_data_models(),
        whole=whole,
    )
    is_imported_into = whole and not tenant_row().is_shared  # where families share a place, nobody imports
    return [*told[:-1], FOR_IMPORT, NOTE] if is_imported_into else told


def part(job: ExportJob, step: str, out: Out, now: datetime) -> None:
    """Make one step's files."""
    what, _colon, name = step.partition(":")
    if step == NOTE:
        out.put(_("READ ME.txt"), render_to_string("dpa/export_note.txt", _note(job, now)).encode())
    elif step == FOR_IMPORT:
        _for_import(job, out)
    elif what == "person":
        _person(job, UUID(name), out, now)
    else:
        _table(job, name, out, now)


def _for_import(job: ExportJob, out: Out) -> None:
    """Put the pupils and their guardians as the files that an import reads, here or elsewhere."""
    students = reader_of(job).students()
    folder = _("to import")
    for name, rows in (
        (_("pupils"), pupils_for_import(students)),
        (_("guardians"), guardians_for_import(students, without=leaving())),
    ):
        header = next(rows)
        out.lines(f"{folder}/{name}.csv", csv_lines(header, rows))


def _note(job: ExportJob, now: datetime) -> dict[str, Any]:
    return {
        "tenant": tenant_row(),
        "job": job,
        "now": now,
        "whole": job.kind == "school",
        "family": job.kind == "children",
    }


def _person(job: ExportJob, student_id: UUID, out: Out, now: datetime) -> None:
    reader = reader_of(job)
    tenant = tenant_row()
    student = reader.students().filter(pk=student_id).first()
    if student is None:  # gone, or no longer theirs to see
        return
    record = record_of(student, reader=reader, today=tenant.today(now))
    out.folder(_("pupils"), student.full_name)
    read = [part.observation for part in record.parts]
    out.speaks_of(pk for one in read for pk in (one.pk, one.author_id) if pk)
    out.put(_("record.pdf"), record_pdf(record, tenant=tenant, now=now, language=job.language))
    out.put("record.json", json.dumps(as_data(record, at=now), ensure_ascii=False, indent=1).encode())
    for number, shown in enumerate(record.photos, start=1):
        day = f"{shown.photo.created_at:%Y-%m-%d}"
        out.stored(f"photos/{day}-{number:03d}.jpg", str(shown.photo.file.name))


def _table(job: ExportJob, label: str, out: Out, now: datetime) -> None:
    path = table_path(label)
    out.lines(f"{path}.csv", _csv(job, label, now))
    out.lines(f"{path}.jsonl", _json(job, label, now))


def table_path(label: str) -> str:
    """Return where a model's rows lie in an archive, without the ending: called as its people call them."""
    folder = _("tables")
    return f"{folder}/{file_name(str(tables.declaration(label).words))}"


def _rows(job: ExportJob, label: str, now: datetime) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a table as they leave, read with the eyes of who asked."""
    reader = reader_of(job)
    today = tenant_row().today(now)
    students = [] if job.kind == "school" else [student.pk for student in students_of(job)]
    seen = Observation.objects.all() if job.kind == "school" else reader.observations(students, today=today)
    if job.kind == "school":
        rows = tables.without(label, leaving())
    elif label == Result._meta.label:
        rows = reader.results(students, today=today)
    else:
        observations = list(seen.values_list("pk", flat=True))
        drafts = reader.sight == WHOLE
        rows = tables.narrowed(label, students=students, observations=observations, with_drafts=drafts)
    yield from reader.readable(label, tables.exported(label, rows), observations=seen)


def _csv(job: ExportJob, label: str, now: datetime) -> Iterator[str]:
    header, rows = tables.as_csv(tables.in_words(label, _rows(job, label, now)))
    yield from csv_lines([column_words(name) for name in header], rows)


def _json(job: ExportJob, label: str, now: datetime) -> Iterable[str]:
    for row in _rows(job, label, now):
        yield json.dumps(dict(row), ensure_ascii=False, cls=DjangoJSONEncoder) + "\n"


def still_shared(job: ExportJob, now: datetime) -> bool:
    """Return whether a guardian may still read everything their archive holds.

    Nothing was taken back since it was asked for, be it shared again, and no change was shared.
    """
    children = list(Reader(FAMILY, job.requested_by).students().values_list("pk", flat=True))
    seen = Reader(FAMILY, job.requested_by).observations(children, today=tenant_row().today(now))
    seen = seen.exclude(changes_shared_at__gte=job.requested_at).exclude(shared_at__gte=job.requested_at)
    readable = set(seen.values_list("pk", flat=True)) | set(children)
    accounts = set(
        Student.objects.filter(pk__in=children).exclude(person=None).values_list("person_id", flat=True)
    )
    adults = (
        Person.objects.filter(pk__in=job.about).exclude(kind=Person.Kind.STUDENT).values_list("pk", flat=True)
    )
    return set(job.about) <= readable | accounts | set(adults)


def still_theirs(job: ExportJob, now: datetime) -> bool:
    """Return whether who asked may still see every pupil the archive holds.

    They kept their classes and their role. Who was being deleted when it was made isn't in it: the deletion
    of anybody who is ends it.
    """
    mine = set(reader_now(job, at=now).students().values_list("pk", flat=True))
    held = set(Student.objects.filter(pk__in=job.about).values_list("pk", flat=True))
    return held <= mine


def children_choices(asker: Asker) -> Choices:
    """Return all of a guardian's children, and each where there are several."""
    children = list(Reader(FAMILY, asker.person).students().by_name())
    if not children:
        return []
    each: Choices = [(child.pk, child.full_name) for child in children] if len(children) > 1 else []
    together = _("All my children") if len(children) > 1 else children[0].full_name
    return [(None, together), *each]


def class_choices(asker: Asker) -> Choices:
    """Return the classes someone sees, the running year's first."""
    rows = (
        classes_seen_by(asker.person, asker.scope)
        .select_related("year")
        .distinct()
        .order_by("-year__starts_on", "name")
    )
    return [(one.pk, f"{one.name} · {one.year.name}") for one in rows]


def student_choices(asker: Asker) -> Choices:
    """Return the pupils someone sees."""
    rows = Reader(TEACHER, asker.person, asker.scope).students().by_name()
    return [(one.pk, one.full_name) for one in rows.only("first_name", "last_name", "preferred_last_name")]


def school_choices(asker: Asker) -> Choices:
    """Return the whole school."""
    return [(None, tenant_row().name)]


def title(job: ExportJob) -> str:
    """Return what an export is called."""
    if job.kind == "school":
        return _("%(school)s, everything") % {"school": tenant_row().name}
    if job.kind == "class":
        found = SchoolClass.objects.filter(pk=job.subject_id).first() if job.subject_id else None
        return _("Class %(name)s") % {"name": found.name} if found else _("Class")
    student = Student.objects.filter(pk=job.subject_id).first() if job.subject_id else None
    if job.kind == "children" and not job.subject_id:
        return _("My children’s record")
    return _("Record of %(name)s") % {"name": student} if student else _("Record")
