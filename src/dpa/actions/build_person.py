"""How all that is held about somebody with an account is taken along: a table per kind of data."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from contracts.registry import declarations
from dpa.actions.build_record import table_path
from dpa.labels import column_words
from dpa.queries import tables
from dpa.queries.pages import person_with
from dpa.queries.subjects import subjects_of
from exports.gateways.csv import csv_lines
from exports.models import ExportJob
from exports.policy.contents import NOTE
from exports.registry import Asker, Out
from people.models import Person
from tenants.queries import tenant_row


def choices(_asker: Asker) -> list[tuple[UUID | None, str]]:
    """Return everybody with an account of their own, pupils apart: they have an archive of their own."""
    rows = Person.objects.exclude(kind=Person.Kind.STUDENT).order_by("last_name", "first_name", "username")
    return [(one.pk, one.name) for one in rows]


def about(job: ExportJob) -> list[UUID]:
    """Return every id the person has here."""
    return list(subjects_of([job.subject_id]).ids) if job.subject_id else []


def steps(job: ExportJob) -> Sequence[str]:
    """Return the steps: a table for each kind of data that holds something about them, and the note."""
    ids = about(job)
    held = [one.label for one in declarations() if one.export is not None and one.about(ids).exists()]
    return [*(f"table:{label}" for label in held), NOTE]


def part(job: ExportJob, step: str, out: Out, now: datetime) -> None:
    """Make one step's files."""
    if step == NOTE:
        context = {"tenant": tenant_row(), "job": job, "now": now, "title": title(job)}
        out.put(_("READ ME.txt"), render_to_string("dpa/person_note.txt", context).encode())
        return
    label = step.partition(":")[2]
    path = table_path(label)
    header, rows = tables.as_csv(tables.in_words(label, _rows(job, label)))
    out.lines(f"{path}.csv", csv_lines([column_words(name) for name in header], rows))
    out.lines(f"{path}.jsonl", _as_json(job, label))


def _rows(job: ExportJob, label: str) -> Iterator[Mapping[str, Any]]:
    yield from tables.exported(label, tables.declaration(label).about(about(job)))


def _as_json(job: ExportJob, label: str) -> Iterator[str]:
    for row in _rows(job, label):
        yield json.dumps(dict(row), ensure_ascii=False, cls=DjangoJSONEncoder) + "\n"


def title(job: ExportJob) -> str:
    """Return what the archive is called."""
    person = person_with(job.subject_id) if job.subject_id else None
    return _("All that is held about %(name)s") % {"name": person.name} if person else _("Record")
