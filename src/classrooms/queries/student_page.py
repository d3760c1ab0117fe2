"""A pupil at one glance."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from classrooms.models import (
    Enrolment,
    Guardianship,
    Observation,
    Student,
)
from classrooms.policy.guardian_information import GuardiansNotInformed, informed_since
from classrooms.queries.circles import observations_seen_by
from classrooms.queries.class_page import Scope, competencies_of, within
from classrooms.queries.informed import notices_about
from classrooms.queries.reading import read_by
from classrooms.registry import progress
from people.models import Person

WEEKS_OF_A_YEAR = 40


@dataclass(slots=True)
class StudentPage:
    """All a pupil's page shows."""

    enrolments: list[Any]
    guardians: list[Any]
    observations: QuerySet[Observation]
    points: list[tuple[date, int]]
    competencies: list[tuple[str, int, int, int]]
    informed_on: date | None
    declared: Any

    @property
    def school_class(self) -> Any:
        """Return the class the pupil is in, or None."""
        return next((e.school_class for e in self.enrolments if e.ends_on is None), None)


def student_page(student: Student, *, person: Person, scope: Scope, today: date) -> StudentPage:
    """Return a pupil's page, in a number of statements that doesn't grow with the record.

    Each part within its right.
    """
    observed, scored = (
        within([student.pk], person, scope, permission) for permission in ("record.read", "results.read")
    )
    rows = Enrolment.objects.filter(student=student).select_related("school_class", "school_class__year")
    enrolments = list(rows)
    return StudentPage(
        enrolments=enrolments,
        guardians=list(
            Guardianship.objects.filter(student=student)
            .select_related("guardian")
            .order_by("guardian__email")
        ),
        observations=record_of(student, person=person, scope=scope("record.read")),
        points=year_points(student, today) if scored else [],
        competencies=competencies_of(student) if observed else [],
        informed_on=_informed_on(student, today),
        declared=student.declarations.select_related("declared_by").first() if student.person_id else None,
    )


def record_of(student: Student, *, person: Person, scope: str | None) -> Any:
    """Return a pupil's observations that someone may read, with what a list of them shows."""
    rows = read_by(observations_seen_by(person, scope).of([student.pk]), person, scope, with_changes=True)
    return rows.order_by("-observed_on", "-created_at", "id")


def year_points(student: Student, today: date) -> list[tuple[date, int]]:
    """Return the pupil's weekly means over a school year, each at the Monday of its week."""
    scores = progress([student.pk], until=today, weeks=WEEKS_OF_A_YEAR).get(student.pk, [])
    monday = today - timedelta(days=today.weekday())
    weeks = (monday - timedelta(weeks=back) for back in range(len(scores) - 1, -1, -1))
    return [(week, score) for week, score in zip(weeks, scores, strict=True) if score is not None]


def _informed_on(student: Student, today: date) -> date | None:
    try:
        return informed_since(notices_about(student), today=today)
    except GuardiansNotInformed:
        return None
