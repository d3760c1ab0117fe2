"""Record that guardians were informed, for a class at once or for one child."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from audit.actions import log_action
from classrooms.models import GuardianInformation, SchoolClass, Student
from classrooms.policy.guardian_information import complete, informed_since
from classrooms.queries.informed import notices_about
from people.models import Person


class NotYetGiven(Exception):
    """Raised when a notice is dated after today."""


@transaction.atomic
def inform_guardians(
    *,
    informed_on: date,
    how: str,
    covers: Iterable[str],
    by: Person,
    now: datetime,
    today: date,
    school_class: SchoolClass | None = None,
    student: Student | None = None,
) -> GuardianInformation:
    """Return the notice put on record. Raises NoticeIncomplete, NotYetGiven."""
    subjects = sorted(complete(covers))
    if informed_on > today:
        raise NotYetGiven
    notice = GuardianInformation.objects.create(
        school_class=school_class,
        student=student,
        informed_on=informed_on,
        how=how,
        covers=subjects,
        recorded_by=by,
        recorded_at=now,
    )
    on: Any = school_class or student
    facts = {"informed_on": informed_on.isoformat(), "how": how, "covers": subjects}
    log_action("guardians.informed", by=by, on=on, at=now, facts=facts, about=[student.pk] if student else [])
    return notice


def check_informed(*, student: Student, today: date) -> date:
    """Return since when a child's guardians have been informed, of the child or of a class it was in then.

    Raises GuardiansNotInformed: the child's account can't be activated.
    """
    return informed_since(notices_about(student), today=today)
