"""Results: the list, a class's, a pupil's; entering one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import ListView, View

from classrooms.models import Student
from classrooms.queries.circles import classes_seen_by, students_seen_by
from classrooms.queries.student_page import year_points
from exports.gateways.csv import csv_response
from isolation.policy.guards import guards
from learning.actions.record_result import delete_result, record_result
from learning.forms import ResultForm, at_noon
from learning.models import Result
from learning.queries import latest_results, results_of, weekly_scores
from people.models import Person
from people.requests import TenantRequest

RESULTS_A_PAGE = 200


@guards("circle")
def _seen(request: TenantRequest, permission: str = "results.read") -> Any:
    """Return the pupils whose results someone sees: a pupil their own."""
    scope = request.scope(permission)
    if is_own(request.person, scope):
        return Student.objects.filter(person_id=request.person.pk)
    return students_seen_by(request.person, scope)


def is_own(person: Person, scope: str | None) -> bool:
    """Return whether somebody is a pupil, and reads their own results."""
    return scope == "circle" and Student.objects.filter(person_id=person.pk).exists()


class ResultList(ListView[Result]):
    """Results, newest first."""

    permission = "results.read"
    template_name = "learning/results.html"
    paginate_by = 50
    request: TenantRequest

    def get_queryset(self) -> Any:
        """Return the results asked for."""
        words = self.request.GET.get("q", "")
        students = _seen(self.request).active()
        return results_of(students.named(words) if words else students)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the classes to look at."""
        request = self.request
        classes = classes_seen_by(request.person, request.scope("classes.read")).current(request.today)
        own = None
        if is_own(request.person, request.scope("results.read")):
            own = Student.objects.get(person_id=request.person.pk)
        points = year_points(own, request.today) if own else []
        return super().get_context_data(**kwargs) | {"classes": classes, "own": own, "points": points}

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Return the page, or the list as CSV."""
        if self.request.GET.get("format") != "csv":
            return super().render_to_response(context, **kwargs)
        return _csv(_("results"), self.get_queryset())


def _csv(name: str, results: Any) -> HttpResponse:
    header = [_("Last name"), _("First name"), _("Activity"), _("Score"), _("Done at")]
    rows = results.values_list(
        "student__last_name", "student__first_name", "activity__name", "score", "done_at"
    )
    return csv_response(name, header, rows)


class ClassResults(View):
    """A class with each pupil's latest result."""

    permission = "results.read"

    def get(self, request: TenantRequest, class_id: UUID) -> HttpResponse:
        """Show the class."""
        school_class = get_object_or_404(
            classes_seen_by(request.person, request.scope("results.read")), pk=class_id
        )
        rows = latest_results(school_class, now=timezone.now())
        points = weekly_scores([row.id for row in rows], until=request.today)
        shown = [(row, points.get(row.id, [])) for row in rows]
        return render(request, "learning/class.html", {"school_class": school_class, "rows": shown})


class StudentResults(View):
    """One pupil's results."""

    permission = "results.read"

    def get(self, request: TenantRequest, student_id: UUID) -> HttpResponse:
        """Show them."""
        student = get_object_or_404(_seen(request), pk=student_id)
        results = results_of([student.pk])
        if request.GET.get("format") == "csv":
            return _csv(student.full_name, results)
        page = Paginator(results, RESULTS_A_PAGE).get_page(request.GET.get("page"))
        return render(request, "learning/student.html", {"student": student, "page_obj": page})


class NewResult(View):
    """Enter a result."""

    permission = "results.write"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Show an empty form."""
        initial = {"student": request.GET.get("pupil"), "done_on": request.today}
        return self._page(request, ResultForm(initial=initial, find=request.GET, **self._given(request)))

    def post(self, request: TenantRequest) -> HttpResponse:
        """Enter it, and offer the next."""
        form = ResultForm(request.POST, **self._given(request))
        if not form.is_valid():
            return self._page(request, form)
        wrote = form.cleaned_data
        record_result(
            student=wrote["student"],
            activity=wrote["activity"],
            new_activity=wrote["new_activity"],
            score=wrote["score"],
            done_at=at_noon(wrote["done_on"]),
            by=request.person,
            now=timezone.now(),
        )
        messages.success(request, _("Result entered for %(name)s.") % {"name": wrote["student"].full_name})
        return redirect("learning:result_new")

    def _given(self, request: TenantRequest) -> dict[str, Any]:
        students = students_seen_by(request.person, request.scope("results.write")).active().by_name()
        return {"students": students, "today": request.today}

    def _page(self, request: TenantRequest, form: ResultForm) -> HttpResponse:
        return render(request, "learning/result_form.html", {"form": form}, status=form.status)


class DeleteResult(View):
    """Take a result back."""

    permission = "results.write"

    def post(self, request: TenantRequest, result_id: UUID) -> HttpResponse:
        """Delete it."""
        students = students_seen_by(request.person, request.scope("results.write"))
        result = get_object_or_404(Result, pk=result_id, student__in=students)
        student_id = result.student_id
        delete_result(result=result, by=request.person, now=timezone.now())
        messages.success(request, _("Result deleted."))
        return redirect("learning:student", student_id)
