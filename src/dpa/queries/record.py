"""A pupil's record as one reader may see it: the same for the PDF, the tables and the archive."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Avg, Q
from django.db.models.functions import TruncMonth

from classrooms.models import (
    Enrolment,
    Observation,
    ObservationChanges,
    ObservationStudent,
    Photo,
    ReadReceipt,
    Student,
)
from classrooms.models.students import everybody
from classrooms.policy.sharing import ALL
from classrooms.queries.annex import guardians_see
from classrooms.queries.circles import children_of, observations_seen_by, students_seen_by
from classrooms.queries.class_page import competencies_of
from classrooms.queries.family import competencies_for_family, observations_for_family, progress_seen
from classrooms.queries.reading import ChangedPart, Part, ShownPhoto, Words, part_for, read_by, words_of
from dpa.queries.subjects import leaving, subjects_of
from isolation.policy.guards import guards
from learning.models import Result
from people.policy.mentions import Finder, FullName
from tenants.queries import tenant_row

WHOLE = "whole"
TEACHER = "teacher"
FAMILY = "family"
_TEXTS = {  # of which observation a row is, and what it says
    Observation._meta.label: ("id", "text"),
    ObservationStudent._meta.label: ("observation_id", "observation__text"),
    ObservationChanges._meta.label: ("observation_id", "text"),
    Photo._meta.label: ("observation_id", "caption"),
    ReadReceipt._meta.label: ("observation_id", "answer"),
}


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
            return held_students()
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

    @property
    def _circle(self) -> tuple[Any, str | None]:
        """Return who reads and how far, None where all who are here may be named."""
        return (self.person, self.record) if self.sight == TEACHER else (None, None)

    @guards("circle")
    def parts(self, student_ids: Collection[UUID], *, today: date) -> list[Part]:
        """Return what this reader reads of the observations about these pupils, the last first.

        With the changes that weren't shared yet, but for families.
        """
        rows = self.observations(student_ids, today=today)
        person = self.person.pk if self.sight == TEACHER else None
        gone = leaving_names() if self.sight == WHOLE else None
        found = read_by(rows, *self._circle, with_changes=self.sight != FAMILY)
        return [part_for(one, person, gone=gone) for one in found]

    @guards("circle")
    def readable(
        self, label: str, rows: Iterable[Mapping[str, Any]], *, observations: Any
    ) -> Iterator[Mapping[str, Any]]:
        """Yield the rows of a table as this reader may read them: without the names of others.

        Of the whole school, without those of who is leaving.
        """
        if label not in _TEXTS:
            yield from rows
            return
        key, field = _TEXTS[label]
        gone = leaving_names() if self.sight == WHOLE else None
        words = words_of(observations, *self._circle, gone=gone)
        others = Words((), (), gone=gone)
        for row in rows:
            yield {**row, field: words.get(row[key], others).of(row[field])}

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

    def competencies(self, student: Student, *, today: date) -> list[tuple[str, int, int, int]]:
        """Return how far the pupil is by domain, as the pages show it to this reader."""
        if self.sight == FAMILY:
            return competencies_for_family(student, sight=guardians_see(tenant_row(), today))
        if self.sight == TEACHER and not self._reads_record(student):
            return []
        return competencies_of(student)

    def _reads_record(self, student: Student) -> bool:
        return students_seen_by(self.person, self.record).filter(pk=student.pk).exists()


def held_students() -> Any:
    """Return every pupil the controller exports: those who are seen, and those whose data is frozen."""
    return everybody().filter(Q(hidden_at=None) | Q(frozen_at__isnull=False)).exclude(pk__in=leaving())


def leaving_names() -> Finder | None:
    """Return what finds the names of those who are leaving, None while nobody is."""
    ids = leaving()
    return Finder(FullName(first, (last,)) for first, last in subjects_of(ids).names) if ids else None


@dataclass(frozen=True, slots=True)
class Record:
    """One pupil's record."""

    student: Student
    class_name: str
    year_name: str
    parts: list[Part]
    photos: list[ShownPhoto]
    results: list[Result]
    progress: list[tuple[date, float]]
    competencies: list[tuple[str, int, int, int]]
    is_for_family: bool = False


def record_of(student: Student, *, reader: Reader, today: date) -> Record:
    """Return a pupil's record as this reader may see it, in a bounded number of statements."""
    parts = reader.parts([student.pk], today=today)
    enrolment = Enrolment.objects.select_related("school_class__year").filter(student=student).first()
    return Record(
        student=student,
        class_name=enrolment.school_class.name if enrolment else "",
        year_name=enrolment.school_class.year.name if enrolment else "",
        parts=parts,
        photos=[shown for part in parts for shown in part.every_photo],
        results=list(reader.results([student.pk], today=today).select_related("activity")),
        progress=reader.progress(student, today=today),
        competencies=reader.competencies(student, today=today),
        is_for_family=reader.sight == FAMILY,
    )


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
        "observations": [_observation(part) for part in record.parts],
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


def _observation(part: Part) -> dict[str, Any]:
    one = part.observation
    changes = {"changes_not_shared": _changes(part.changes)} if part.changes else {}
    return changes | {
        "id": str(one.pk),
        "observed_on": one.observed_on.isoformat(),
        "state": one.state,
        "text": part.text,
        "author": part.author,
        "competencies": [
            {"code": shown.competency.code, "name": shown.competency.name, "level": shown.level}
            for shown in one.shown.all()
        ],
        "photos": [{"id": str(shown.photo.pk), "caption": shown.caption} for shown in part.photos],
    }


def _changes(part: ChangedPart) -> dict[str, Any]:
    """Return what was written of an observation since it was shared, and families don't read."""
    return {
        "observed_on": part.changes.observed_on.isoformat(),
        "text": part.text,
        "pupils": [str(student.pk) for student in part.about],
        "levels": part.changes.levels,
        "photos_added": [str(shown.photo.pk) for shown in part.photos],
        "photos_removed": part.removed,
        "changed_at": part.changes.changed_at.isoformat(),
    }
