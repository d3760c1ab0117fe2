"""A pupil's record as one reader may see it: the same for the PDF, the tables and the archive."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Avg
from django.db.models.functions import TruncMonth

from classrooms.models import Enrolment, Observation, ObservationCompetency, Photo, Student
from classrooms.policy.sharing import ALL
from classrooms.queries.annex import guardians_see
from classrooms.queries.circles import children_of, observations_seen_by, students_seen_by
from classrooms.queries.family import observations_for_family, progress_seen
from isolation.policy.guards import guards
from learning.models import Result
from tenants.queries import tenant_row

WHOLE = "whole"
TEACHER = "teacher"
FAMILY = "family"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the controller (all there is), someone who works with the pupil, or a guardian.

    `reach` is of the right to see pupils; of someone who works with them `record` and `of_results` are of
    the rights to read those.
    """

    sight: str
    person: Any
    scope: str | None = None
    record: str | None = None
    of_results: str | None = None

    @guards("circle")
    def students(self) -> Any:
        """Return the pupils this reader may have."""
        if self.sight == WHOLE:
            return Student.objects.all()
        if self.sight == FAMILY:
            return children_of(self.person)
        return students_seen_by(self.person, self.scope)

    @guards("circle")
    def observations(self, student_ids: Collection[UUID], *, today: date) -> Any:
        """Return the observations about these pupils that this reader may read."""
        if self.sight == WHOLE:
            return Observation.objects.of(student_ids)
        if self.sight == FAMILY:
            return observations_for_family(student_ids, sight=guardians_see(tenant_row(), today))
        return observations_seen_by(self.person, self.record).of(student_ids)

    @guards("circle")
    def results(self, student_ids: Collection[UUID], *, today: date) -> Any:
        """Return the results of these pupils that this reader may read."""
        rows = Result.objects.filter(student_id__in=student_ids)
        if self.sight == FAMILY and guardians_see(tenant_row(), today) != ALL:
            return rows.none()
        if self.sight == TEACHER:
            return rows.filter(student__in=students_seen_by(self.person, self.of_results))
        return rows

    def progress(self, student: Student, *, today: date) -> list[tuple[date, float]]:
        """Return the pupil's mean score of each month of the year past; empty where families don't see it."""
        if self.sight == FAMILY and not progress_seen(student.pk, sight=guardians_see(tenant_row(), today)):
            return []
        if self.sight == TEACHER and not self.results([student.pk], today=today).exists():
            return []
        rows = Result.objects.filter(
            student=student, done_at__date__gte=today - timedelta(days=365)
        ).order_by()
        months = (
            rows.annotate(month=TruncMonth("done_at"))
            .values("month")
            .annotate(mean=Avg("score"))
            .order_by("month")
        )
        return [(month.date(), round(mean)) for month, mean in months.values_list("month", "mean")]


@dataclass(frozen=True, slots=True)
class Record:
    """One pupil's record."""

    student: Student
    class_name: str
    year_name: str
    observations: list[Observation]
    photos: list[Photo]
    results: list[Result]
    progress: list[tuple[date, float]]
    competencies: list[tuple[str, int, int, int]]


def record_of(student: Student, *, reader: Reader, today: date) -> Record:
    """Return a pupil's record as this reader may see it, in a bounded number of statements."""
    rows = reader.observations([student.pk], today=today)
    observations = list(rows.select_related("author").prefetch_related("photos", "shown__competency"))
    enrolment = Enrolment.objects.select_related("school_class__year").filter(student=student).first()
    return Record(
        student=student,
        class_name=enrolment.school_class.name if enrolment else "",
        year_name=enrolment.school_class.year.name if enrolment else "",
        observations=observations,
        photos=[photo for one in observations for photo in one.photos.all()],
        results=list(reader.results([student.pk], today=today).select_related("activity")),
        progress=reader.progress(student, today=today),
        competencies=_competencies(observations),
    )


def _competencies(observations: list[Observation]) -> list[tuple[str, int, int, int]]:
    """Return per domain how many competencies were last seen acquired, in progress and to come."""
    last: dict[tuple[str, UUID], str] = {}
    for observation in sorted(observations, key=lambda one: (one.observed_on, one.created_at)):
        for shown in observation.shown.all():
            last[shown.competency.domain, shown.competency_id] = shown.level
    domains: dict[str, list[int]] = {}
    places = [
        ObservationCompetency.Level.ACQUIRED,
        ObservationCompetency.Level.PROGRESS,
        ObservationCompetency.Level.COMING,
    ]
    for (domain, _competency), level in last.items():
        domains.setdefault(domain, [0, 0, 0])[places.index(ObservationCompetency.Level(level))] += 1
    return [(domain, *counts) for domain, counts in sorted(domains.items())]  # type: ignore[misc]


def as_data(record: Record, *, at: datetime) -> dict[str, Any]:
    """Return a record as plain data, for other programs."""
    student = record.student
    return {
        "made_at": at.isoformat(),
        "pupil": {
            "id": str(student.pk),
            "first_name": student.first_name,
            "last_name": student.last_name,
            "preferred_last_name": student.preferred_last_name,
            "birth_on": student.birth_on.isoformat(),
            "class": record.class_name,
            "level": student.level,
        },
        "observations": [_observation(one) for one in record.observations],
        "results": [
            {
                "activity": str(one.activity),
                "score": one.score,
                "seconds": one.seconds,
                "done_at": one.done_at.isoformat(),
            }
            for one in record.results
        ],
    }


def _observation(one: Observation) -> dict[str, Any]:
    return {
        "id": str(one.pk),
        "observed_on": one.observed_on.isoformat(),
        "state": one.state,
        "text": one.text,
        "author": one.author.name if one.author else "",
        "competencies": [
            {"code": shown.competency.code, "name": shown.competency.name, "level": shown.level}
            for shown in one.shown.all()
        ],
        "photos": [{"id": str(photo.pk), "caption": photo.caption} for photo in one.photos.all()],
    }
