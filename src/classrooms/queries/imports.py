"""What an import is compared with, and what it would do."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, FilteredRelation, Q, Value
from django.db.models.functions import Coalesce, Lower

from classrooms.models import Guardianship, ImportBatch, Student
from classrooms.policy.csv_file import RowError
from classrooms.policy.guardians import Child, GuardianRow
from classrooms.policy.matching import Known
from classrooms.policy.onde import StudentRow
from classrooms.policy.plan import Plan, plan_import
from classrooms.queries.removals import memory


def known_students(*, with_guardians: bool) -> list[Known]:
    """Return every pupil the tenant has, those who left or are being deleted included, as an import compares
    them.
    """
    rows = Student._base_manager.annotate(
        now_in=FilteredRelation("enrolments", condition=Q(enrolments__ends_on=None)),
    ).annotate(class_name=Coalesce(F("now_in__school_class__name"), Value("")))
    fields = (
        "id",
        "last_name",
        "first_name",
        "birth_on",
        "preferred_last_name",
        "level",
        "class_name",
        "left_on",
        "hidden_at",
    )
    emails = _emails() if with_guardians else {}
    return [
        Known(
            pk,
            last,
            first,
            born,
            used,
            level,
            name,
            emails.get(pk, frozenset()),
            left_on,
            hidden_at is not None,
        )
        for pk, last, first, born, used, level, name, left_on, hidden_at in rows.order_by().values_list(
            *fields
        )
    ]


def _emails() -> dict[UUID, frozenset[str]]:
    found: dict[UUID, set[str]] = defaultdict(set)
    rows = Guardianship.objects.annotate(email=Lower("guardian__email")).values_list("student_id", "email")
    for student_id, email in rows:
        found[student_id].add(email)
    return {student_id: frozenset(emails) for student_id, emails in found.items()}


def rows_of(batch: ImportBatch) -> list[StudentRow]:
    """Return the pupils' rows an upload holds."""
    return [StudentRow._make([*row[:3], date.fromisoformat(row[3]), *row[4:]]) for row in batch.rows]


def guardian_rows_of(batch: ImportBatch) -> list[GuardianRow]:
    """Return the guardians' rows an upload holds."""
    return [
        GuardianRow(line, email, tuple(Child(*child) for child in children))
        for line, email, children in batch.guardian_rows
    ]


def choices_of(batch: ImportBatch) -> dict[int, UUID | str]:
    """Return what was chosen for the ambiguous lines."""
    return {int(line): choice if choice == "new" else UUID(choice) for line, choice in batch.choices.items()}


def back_of(batch: ImportBatch) -> set[tuple[int, str]]:
    """Return who was removed and is wanted all the same: line, and the address of a guardian or ""."""
    return {(line, email) for line, email in batch.brought_back}


def refusals_of(batch: ImportBatch) -> list[RowError]:
    """Return the rows that couldn't be read."""
    return [RowError(*told) for told in batch.refused]


def plan_of(batch: ImportBatch, *, today: date) -> Plan:
    """Return what applying an upload would do on a day."""
    guardians = guardian_rows_of(batch)
    known = known_students(with_guardians=bool(guardians))
    return plan_import(
        rows_of(batch),
        known,
        guardians=guardians,
        choices=choices_of(batch),
        memory=memory(today),
        back=back_of(batch),
    )


def packed(refusals: Any) -> list[list[Any]]:
    """Return refusals as they are stored."""
    return [[r.line, r.column, r.reason, dict(r.facts), r.file] for r in refusals]


def as_counts(plan: Plan, refused: list[RowError]) -> Mapping[str, int]:
    """Return the numbers shown and kept of an import; that of those left out where there are any."""
    left_out = {"removed": len(plan.left_out)} if plan.left_out else {}
    return left_out | {
        "create": len(plan.created),
        "update": len(plan.changed),
        "unchanged": len(plan.unchanged),
        "missing": len(plan.missing),
        "refused": len(plan.refused) + len(refused),
    }
