"""Writing many rows at once: COPY, and one UPDATE for a whole list."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from classrooms.models import Enrolment, Student

_STUDENTS = """COPY classrooms_student
 (id, last_name, used_name, first_name, birth_on, level, handedness, created_at) FROM STDIN"""
_ENROLMENTS = "COPY classrooms_enrolment (id, student_id, school_class_id, starts_on) FROM STDIN"
_UPDATE = """UPDATE classrooms_student AS s
 SET last_name = u.last_name, used_name = u.used_name, first_name = u.first_name, birth_on = u.birth_on, level = u.level,
     left_on = NULL
 FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::date[], %s::text[])
   AS u(id, last_name, used_name, first_name, birth_on, level)
 WHERE s.id = u.id"""


def copy_students(students: Iterable[Student]) -> None:
    """Write new pupils."""
    _copy(
        _STUDENTS,
        (
            (s.id, s.last_name, s.used_name, s.first_name, s.birth_on, s.level, s.handedness, s.created_at)
            for s in students
        ),
    )


def copy_enrolments(enrolments: Iterable[Enrolment]) -> None:
    """Write new enrolments, all of them open."""
    _copy(_ENROLMENTS, ((e.id, e.student_id, e.school_class_id, e.starts_on) for e in enrolments))


def update_students(rows: Sequence[tuple[UUID, str, str, str, date, str]]) -> None:
    """Give pupils their new names, birth date and level; whoever had left is back."""
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [list(column) for column in zip(*rows, strict=True)] if rows else [[]] * 6)


def hold_seats() -> None:
    """Wait until nobody else in this tenant is taking a licence; held until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ' seats', 0))")


def _copy(statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([_text(value) for value in row])


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value if isinstance(value, str) else str(value)
