"""Classes and groups."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from classrooms.actions.inform_guardians import NotYetGiven, inform_guardians
from classrooms.actions.save_class import delete_group, save_class, save_group
from classrooms.forms.school import ClassForm, GroupForm, NoticeForm
from classrooms.models import Group, GuardianInformation, SchoolClass, SchoolYear
from classrooms.policy.guardian_information import NoticeIncomplete
from classrooms.queries.circles import classes_seen_by, groups_seen_by, students_seen_by
from classrooms.queries.class_page import class_page
from classrooms.queries.lists import classes_rows, groups_rows, student_rows
from classrooms.registry import sections
from classrooms.views.parts import class_of, done
from exports.gateways.csv import csv_response
from people.requests import TenantRequest

PUPILS_A_PAGE = 50


class ClassList(View):
    """The classes and groups someone sees."""

    permission = "classes.read"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Show this year's, or another's."""
        seen = classes_seen_by(request.person, request.scope("classes.read"))
        years = list(SchoolYear.objects.all())
        asked = request.GET.get("year", "")
        year = next((y for y in years if str(y.pk) == asked), None)
        classes = classes_rows(seen.filter(year=year) if year else seen.current(request.today))
        groups = groups_rows(groups_seen_by(request.person, request.scope("classes.read")))
        return render(
            request,
            "classrooms/classes.html",
            {"classes": classes, "groups": groups, "years": years, "year": year},
        )


class ClassPage(View):
    """A class at one glance."""

    permission = "classes.read"

    def get(self, request: TenantRequest, class_id: UUID) -> HttpResponse:
        """Show the class, or its pupils as CSV."""
        school_class = class_of(request, class_id)
        if request.GET.get("format") == "csv":
            return _class_csv(request, school_class)
        words = request.GET.get("q", "")
        details: dict[str, Any] = {
            "person": request.person,
            "scope": request.scope,
            "today": request.today,
            "now": timezone.now(),
        }
        page = class_page(school_class, words=words, **details)
        context = {
            "school_class": school_class,
            "page": page,
            "sections": sections("class", request, school_class),
        }
        return render(request, "classrooms/class.html", context)


def _class_csv(request: TenantRequest, school_class: SchoolClass) -> HttpResponse:
    rows = student_rows(
        students_seen_by(request.person, request.scope("students.read")).in_class(school_class)
    )
    header = [_("Last name"), _("Used name"), _("First name"), _("Birth date"), _("Level")]
    cells = rows.values_list("last_name", "preferred_last_name", "first_name", "birth_on", "level")
    return csv_response(school_class.name, header, cells)


class NewClass(View):
    """Make a class."""

    permission = "classes.write"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Show an empty form."""
        return self._form(request, ClassForm(find=request.GET))

    def post(self, request: TenantRequest) -> HttpResponse:
        """Make it."""
        form = ClassForm(request.POST)
        if not form.is_valid():
            return self._form(request, form)
        school_class = _save_class(request, form)
        return done(request, _("Class created."), "classrooms:class", school_class.pk)

    def _form(self, request: TenantRequest, form: ClassForm) -> HttpResponse:
        return render(request, "classrooms/class_form.html", {"form": form}, status=form.status)


class EditClass(View):
    """Change a class's name, level and teachers."""

    permission = "classes.write"

    def get(self, request: TenantRequest, class_id: UUID) -> HttpResponse:
        """Show the form."""
        school_class = class_of(request, class_id, "classes.write")
        form = ClassForm(find=request.GET, initial=self._initial(school_class), school_class=school_class)
        return self._form(request, form, school_class)

    def post(self, request: TenantRequest, class_id: UUID) -> HttpResponse:
        """Change it."""
        school_class = class_of(request, class_id, "classes.write")
        form = ClassForm(request.POST, initial=self._initial(school_class), school_class=school_class)
        if not form.is_valid():
            return self._form(request, form, school_class)
        _save_class(request, form, school_class)
        return done(request, _("Class saved."), "classrooms:class", school_class.pk)

    def _initial(self, school_class: SchoolClass) -> dict[str, Any]:
        current = school_class.teachings.filter(ends_on=None).values_list("person_id", flat=True)
        return {"name": school_class.name, "level": school_class.level, "teachers": list(current)}

    def _form(self, request: TenantRequest, form: ClassForm, school_class: SchoolClass) -> HttpResponse:
        context = {"form": form, "school_class": school_class}
        return render(request, "classrooms/class_form.html", context, status=form.status)


def _save_class(
    request: TenantRequest, form: ClassForm, school_class: SchoolClass | None = None
) -> SchoolClass:
    return save_class(
        name=form.cleaned_data["name"],
        level=form.cleaned_data["level"],
        teacher_ids=[person.pk for person in form.cleaned_data["teachers"]],
        by=request.person,
        now=timezone.now(),
        today=request.today,
        school_class=school_class,
    )


class InformClass(View):
    """Record that a class's guardians were informed."""

    permission = "students.write"

    def get(self, request: TenantRequest, class_id: UUID) -> HttpResponse:
        """Show what is on record and the form."""
        initial = {"informed_on": request.today, "covers": ["purpose", "access", "categories"]}
        return self._form(request, class_of(request, class_id, "students.write"), NoticeForm(initial=initial))

    def post(self, request: TenantRequest, class_id: UUID) -> HttpResponse:
        """Put it on record."""
        school_class = class_of(request, class_id, "students.write")
        form = NoticeForm(request.POST)
        if form.is_valid() and record_notice(request, form, school_class=school_class):
            return done(
                request,
                _("On record: this class’s guardians were informed."),
                "classrooms:class",
                school_class.pk,
            )
        return self._form(request, school_class, form)

    def _form(self, request: TenantRequest, school_class: SchoolClass, form: NoticeForm) -> HttpResponse:
        notices = GuardianInformation.objects.filter(school_class=school_class).select_related("recorded_by")
        context = {"school_class": school_class, "form": form, "notices": notices}
        return render(request, "classrooms/notice.html", context, status=400 if form.is_bound else 200)


def record_notice(request: TenantRequest, form: NoticeForm, **about: Any) -> bool:
    """Return whether the notice went on record; what is wrong is said on the form."""
    try:
        inform_guardians(
            informed_on=form.cleaned_data["informed_on"],
            how=form.cleaned_data["how"],
            covers=form.cleaned_data["covers"],
            by=request.person,
            now=timezone.now(),
            today=request.today,
            **about,
        )
    except NoticeIncomplete:
        form.add_error(
            "covers", _("Purpose, access and categories of data are the least: inform them of these first.")
        )
    except NotYetGiven:
        form.add_error("informed_on", _("This day is still to come: record it once it is done."))
    return not form.errors


class NewGroup(View):
    """Make a group."""

    permission = "classes.write"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Show an empty form."""
        return _group_form(request, GroupForm(find=request.GET, seen=_choosable(request)))

    def post(self, request: TenantRequest) -> HttpResponse:
        """Make it."""
        form = GroupForm(request.POST, seen=_choosable(request))
        if not form.is_valid():
            return _group_form(request, form)
        _save_group(request, form)
        return done(request, _("Group created."), "classrooms:classes")


class EditGroup(View):
    """A group: its pupils and teachers."""

    permission = "classes.write"

    def get(self, request: TenantRequest, group_id: UUID) -> HttpResponse:
        """Show the form."""
        group = _group(request, group_id)
        form = GroupForm(find=request.GET, initial=self._initial(group), seen=_choosable(request))
        return _group_form(request, form, group)

    def post(self, request: TenantRequest, group_id: UUID) -> HttpResponse:
        """Change it."""
        group = _group(request, group_id)
        form = GroupForm(request.POST, initial=self._initial(group), seen=_choosable(request))
        if not form.is_valid():
            return _group_form(request, form, group)
        _save_group(request, form, group)
        return done(request, _("Group saved."), "classrooms:classes")

    def _initial(self, group: Group) -> dict[str, Any]:
        return {
            "name": group.name,
            "students": list(group.members.values_list("student_id", flat=True)),
            "teachers": list(group.teachings.filter(ends_on=None).values_list("person_id", flat=True)),
        }


class DeleteGroup(View):
    """Delete a group."""

    permission = "classes.write"

    def post(self, request: TenantRequest, group_id: UUID) -> HttpResponse:
        """Delete it; its pupils stay."""
        delete_group(group=_group(request, group_id), by=request.person, now=timezone.now())
        return done(request, _("Group deleted; its pupils stay in their classes."), "classrooms:classes")


class GroupPage(View):
    """A group and its pupils."""

    permission = "classes.read"

    def get(self, request: TenantRequest, group_id: UUID) -> HttpResponse:
        """Show them."""
        group = get_object_or_404(groups_seen_by(request.person, request.scope("classes.read")), pk=group_id)
        seen = students_seen_by(request.person, request.scope("students.read"))
        pupils = student_rows(seen.filter(memberships__group=group))
        page = Paginator(pupils, PUPILS_A_PAGE).get_page(request.GET.get("page"))
        context = {"group": group, "pupils": page.object_list, "page_obj": page}
        return render(request, "classrooms/group.html", context)


def _group(request: TenantRequest, pk: UUID) -> Any:
    return get_object_or_404(groups_seen_by(request.person, request.scope("classes.write")), pk=pk)


def _choosable(request: TenantRequest) -> Any:
    """Return the pupils someone may put in a group: a group doesn't widen anybody's circle."""
    return students_seen_by(request.person, request.scope("classes.write"))


def _save_group(request: TenantRequest, form: GroupForm, group: Any = None) -> None:
    chosen = [student.pk for student in form.cleaned_data["students"]]
    save_group(
        name=form.cleaned_data["name"],
        student_ids=[*chosen, *_not_offered(form, group)],
        teacher_ids=[person.pk for person in form.cleaned_data["teachers"]],
        by=request.person,
        now=timezone.now(),
        today=request.today,
        group=group,
    )


def _not_offered(form: GroupForm, group: Any) -> list[UUID]:
    """Return the group's pupils the form couldn't show: who left, is being deleted or is of others stays."""
    if group is None:
        return []
    offered = form.fields["students"].queryset  # type: ignore[attr-defined]
    return list(group.members.exclude(student__in=offered).values_list("student_id", flat=True))


def _group_form(request: HttpRequest, form: GroupForm, group: Any = None) -> HttpResponse:
    context = {"form": form, "group": group}
    return render(request, "classrooms/group_form.html", context, status=form.status)
