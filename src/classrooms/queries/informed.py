"""What was put on record of informing a pupil's guardians."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from classrooms.models import GuardianInformation, Student
from classrooms.policy.guardian_information import (
    GuardiansNotInformed,
    InformationNotice,
    covers_who_was_there,
    informed_since,
)
from tenants.queries import tenant_row


def notices_about(student: Student) -> list[InformationNotice]:
    """Return the notices that count for a pupil: its own, and those of a class for who was in it that day."""
    tenant = tenant_row()
    times = list(student.enrolments.values_list("school_class_id", "starts_on", "ends_on"))
    rows = GuardianInformation.objects.filter(
        Q(student=student) | Q(school_class__in=[class_id for class_id, _start, _end in times])
    )
    found = []
    for row in rows:
        recorded_on = tenant.today(row.recorded_at)
        was_there = any(
            covers_who_was_there(recorded_on=recorded_on, starts_on=starts_on, ends_on=ends_on)
            for class_id, starts_on, ends_on in times
            if class_id == row.school_class_id
        )
        if row.student_id is not None or was_there:
            found.append(InformationNotice(row.informed_on, frozenset(row.covers)))
    return found


def without_notice(students: Iterable[Student], *, today: date) -> list[Student]:
    """Return the pupils whose guardians weren't informed of all that is required."""
    return [each for each in students if not _is_informed(each, today)]


def _is_informed(student: Student, today: date) -> bool:
    try:
        informed_since(notices_about(student), today=today)
    except GuardiansNotInformed:
        return False
    return True
