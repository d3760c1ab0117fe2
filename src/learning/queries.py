"""What pages show of results, in a number of statements that doesn't grow with the pupils."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Avg, Case, Count, OuterRef, Q, Subquery, Value, When
from django.utils import timezone

from classrooms.models import SchoolClass, Student
from classrooms.models.ordering import by_name
from classrooms.queries.circles import students_seen_by
from learning.models import Activity, Result
from learning.policy.weeks import WEEK, week_starts
from people.requests import TenantRequest


def weekly_scores(
    student_ids: Collection[UUID], *, until: date, weeks: int = 12
) -> dict[UUID, list[int | None]]:
    """Return per pupil the mean score of each of the last weeks, None for a week without; one statement."""
    starts = week_starts(until=until, weeks=weeks)
    edges = [_midnight(day) for day in (*starts, starts[-1] + WEEK)]
    rank = Case(*(When(done_at__lt=edge, then=Value(i)) for i, edge in enumerate(edges[1:])))
    rows = Result.objects.filter(student_id__in=student_ids, done_at__gte=edges[0], done_at__lt=edges[-1])
    means = rows.order_by().annotate(week=rank).values("student_id", "week").annotate(mean=Avg("score"))
    points: dict[UUID, list[int | None]] = {}
    for student_id, week, average in means.values_list("student_id", "week", "mean"):
        points.setdefault(student_id, [None] * weeks)[week] = round(average)
    return points


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), tzinfo=timezone.get_current_timezone())


@dataclass(frozen=True, slots=True)
class Latest:
    """A pupil with the last result, and the mean and number over the last weeks."""

    id: UUID
    name: str
    activity: str | None
    score: int | None
    done_at: datetime | None
    mean: int | None
    count: int


def latest_results(school_class: SchoolClass | UUID, *, now: datetime, weeks: int = 12) -> list[Latest]:
    """Return a class's pupils by name, each with the latest result; one statement."""
    last = Result.objects.filter(student_id=OuterRef("pk")).order_by("-done_at", "id")
    recent = Q(results__done_at__gte=now - timedelta(weeks=weeks))
    rows = (
        Student.objects.in_class(school_class)
        .active()
        .annotate(
            activity=Subquery(last.values("activity__name")[:1]),
            score=Subquery(last.values("score")[:1]),
            done_at=Subquery(last.values("done_at")[:1]),
            mean=Avg("results__score", filter=recent),
            count=Count("results", filter=recent),
        )
    )
    fields = (
        "id",
        "first_name",
        "preferred_last_name",
        "last_name",
        "activity",
        "score",
        "done_at",
        "mean",
        "count",
    )
    return [
        Latest(
            pk,
            f"{first} {used or family}",
            activity,
            score,
            done_at,
            None if mean is None else round(mean),
            count,
        )
        for pk, first, used, family, activity, score, done_at, mean, count in rows.order_by(
            *by_name()
        ).values_list(*fields)
    ]


def results_of(students: Any) -> Any:
    """Return the results of these pupils, newest first."""
    return (
        Result.objects.filter(student__in=students)
        .select_related("activity", "student")
        .order_by("-done_at", "id")
    )


def student_results(request: TenantRequest, student: Student) -> dict[str, Any] | None:
    """Return the last results of a pupil, for the pupil's page.

    None when they are beyond the reader's own pupils.
    """
    scope = request.scope("results.read")
    is_wide = scope == request.scope("students.read")
    if not is_wide and not students_seen_by(request.person, scope).filter(pk=student.pk).exists():
        return None
    return {"student": student, "results": results_of([student.pk])[:6]}


def class_results(request: TenantRequest, school_class: SchoolClass) -> dict[str, Any] | None:
    """Return a link to the class's results, for the class's page; no statement."""
    return {"school_class": school_class}


def activities_open() -> Any:
    """Return the activities results can be entered for."""
    return Activity.objects.filter(closed_on=None).select_related("competency").order_by("name")
