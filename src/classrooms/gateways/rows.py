"""Writing many rows at once: COPY, and one UPDATE for a whole list."""

import os
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from classrooms.policy.onde import StudentRow

_STUDENTS = """COPY classrooms_student
 (id, last_name, used_name, first_name, birth_on, level, handedness, created_at) FROM STDIN"""
_ENROLMENTS = "COPY classrooms_enrolment (id, student_id, school_class_id, starts_on) FROM STDIN"
_UPDATE = """UPDATE classrooms_student AS s
 SET last_name = u.last_name, used_name = u.used_name, first_name = u.first_name, birth_on = u.birth_on,
 level = u.level,
     left_on = NULL
 FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::date[], %s::text[])
   AS u(id, last_name, used_name, first_name, birth_on, level)
 WHERE s.id = u.id"""
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": ""})


def new_ids(count: int) -> list[UUID]:
    """Return random ids (uuid, version 4), asked of the system all at once."""
    noise = os.urandom(16 * count)
    return [UUID(bytes=noise[start : start + 16], version=4) for start in range(0, 16 * count, 16)]


def copy_students(ids: Iterable[UUID], rows: Iterable[StudentRow], *, created_at: datetime) -> None:
    """Write new pupils."""
    last = f"\t\t{created_at.isoformat()}\n"  # handedness isn't in any file
    _copy(
        _STUDENTS,
        "".join(
            f"{pk}\t{row.last_name.translate(_ESCAPED)}\t"
            f"{(row.preferred_last_name or '').translate(_ESCAPED)}\t"
            f"{row.first_name.translate(_ESCAPED)}\t{row.birth_on}\t"
            f"{(row.level or '').translate(_ESCAPED)}{last}"
            for pk, row in zip(ids, rows, strict=True)
        ),
    )


def copy_enrolments(places: Sequence[tuple[UUID, UUID]], *, starts_on: date) -> None:
    """Write new enrolments, pupil and class, all of them open."""
    ids = new_ids(len(places))
    lines = (
        f"{pk}\t{student_id}\t{class_id}\t{starts_on}\n"
        for pk, (student_id, class_id) in zip(ids, places, strict=True)
    )
    _copy(_ENROLMENTS, "".join(lines))


def update_students(rows: Sequence[tuple[UUID, str, str, str, date, str]]) -> None:
    """Give pupils their new names, birth date and level; whoever had left is back."""
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_UPDATE, [list(column) for column in zip(*rows, strict=True)])


def hold_seats() -> None:
    """Wait until nobody else in this tenant is taking a licence; held until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ' seats', 0))")


def _copy(statement: str, lines: str) -> None:
    if lines:
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(lines)
