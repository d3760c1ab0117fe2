"""What learning holds about people, how it leaves and how it goes."""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from contracts.registry import CASCADE, declare, nothing_personal
from learning.models import Activity, Result


def _of_student(rows: QuerySet[Any], person_ids: Collection[UUID]) -> QuerySet[Any]:
    return rows.filter(student_id__in=person_ids)


def _results(rows: QuerySet[Any]) -> Iterator[dict[str, Any]]:
    fields = ("id", "student_id", "activity__name", "score", "seconds", "done_at")
    yield from rows.order_by("done_at", "id").values(*fields).iterator(chunk_size=2000)


declare(
    Result,
    label=_("results"),
    category="learning",
    subject="student",
    person=_of_student,
    export=_results,
    erase=CASCADE,
    keep_for="retention.left_days",
)
nothing_personal(Activity, why="what can be done, by nobody in particular")
