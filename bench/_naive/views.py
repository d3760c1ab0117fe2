"""A class with each pupil's latest result, as a ListView whose rows ask for what they show."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import ListView

from classrooms.models import SchoolClass, Student
from people.models import Membership

WEEKS = 12


class WhatTemplatesRead:
    """Set what the layouts read of a request."""

    def __init__(self, get_response: Any) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        """Return the answer."""
        request.person = request.user if request.user.is_authenticated else None
        request.now = datetime.now(UTC)
        request.today = request.tenant.today(request.now)
        request.permissions = frozenset()
        if request.person:
            held = Membership.objects.filter(person=request.person).select_related("role")
            request.permissions = frozenset(permission for one in held for permission in one.role.permissions)
        return self.get_response(request)


class Row:
    """One pupil's line."""

    def __init__(self, student: Student) -> None:
        """Ask for the latest result, its activity, and those of the last weeks."""
        latest = student.results.order_by("-done_at").first()
        recent = list(student.results.filter(done_at__gte=datetime.now(UTC) - timedelta(weeks=WEEKS)))
        self.id = student.pk
        self.name = student.full_name
        self.activity = latest.activity.name if latest else None
        self.score, self.done_at = (latest.score, latest.done_at) if latest else (None, None)
        self.mean = round(sum(one.score for one in recent) / len(recent)) if recent else None
        self.points = [
            _mean([one.score for one in recent if one.done_at.date() in week]) for week in _weeks()
        ]


def _weeks() -> list[set[Any]]:
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    starts = [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    return [{start + timedelta(days=day) for day in range(7)} for start in starts]


def _mean(scores: list[int]) -> int | None:
    return round(sum(scores) / len(scores)) if scores else None


class ClassResults(LoginRequiredMixin, ListView):
    """The list."""

    template_name = "learning/class.html"

    def get_queryset(self) -> Any:
        """Return the class's pupils."""
        self.school_class = get_object_or_404(SchoolClass, pk=self.kwargs["class_id"])
        rows = Student.objects.filter(
            enrolments__school_class=self.school_class, enrolments__ends_on=None, left_on=None
        )
        return rows.order_by("last_name", "first_name")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the rows."""
        rows = [Row(student) for student in self.object_list]
        shown = [(row, row.points) for row in rows]
        return super().get_context_data(**kwargs) | {"school_class": self.school_class, "rows": shown}
