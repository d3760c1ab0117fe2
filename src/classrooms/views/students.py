"""Pupils: the list, one pupil, guardians."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import ListView, View

from audit.queries import history
from classrooms.actions.invite_guardians import (
    GuardiansNotAllowed,
    add_guardian,
    invite_guardians,
    remove_guardian,
)
from classrooms.actions.save_student import add_student, change_student, note_departure, note_return
from classrooms.actions.take_back_invitations import take_back_invitations
from classrooms.forms.school import GuardianForm, NoticeForm, StudentForm
from classrooms.forms.words import licence_refusal, removal_words
from classrooms.models import Guardian, Student
from classrooms.policy.licences import LicencesUsedUp
from classrooms.policy.sharing import FamiliesSeeNothing
from classrooms.queries.annex import allowed_fields
from classrooms.queries.circles import classes_seen_by, students_seen_by
from classrooms.queries.lists import family_rows, student_rows
from classrooms.queries.removals import removal_of_guardian
from classrooms.queries.rounds import last_round
from classrooms.queries.student_page import student_page
from classrooms.registry import sections
from classrooms.views.parts import done, problem, student_of, uuids
from classrooms.views.school import record_notice
from exports.gateways.csv import csv_response
from people.actions.guard import CannotGive
from people.requests import TenantRequest


class StudentList(ListView[Student]):
    """The pupils someone sees."""

    permission = "students.read"
    template_name = "classrooms/pupils.html"
    paginate_by = 50
    request: TenantRequest

    def get_queryset(self) -> Any:
        """Return the pupils asked for."""
        request = self.request
        asked = request.GET
        seen = students_seen_by(request.person, request.scope("students.read"))
        return student_rows(
            seen, words=asked.get("q", ""), sort=asked.get("sort", "name"), left=asked.get("state") == "left"
        )

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Return the page, or the whole list as CSV."""
        if self.request.GET.get("format") != "csv":
            return super().render_to_response(context, **kwargs)
        header = [_("Last name"), _("Used name"), _("First name"), _("Birth date"), _("Level"), _("Class")]
        fields = ("last_name", "preferred_last_name", "first_name", "birth_on", "level", "class_name")
        return csv_response(_("pupils"), header, self.get_queryset().values_list(*fields))


class StudentPage(View):
    """One pupil: identity, record, progress, families, history."""

    permission = "students.read"

    def get(self, request: TenantRequest, student_id: UUID) -> HttpResponse:
        """Show the pupil."""
        student = student_of(request, student_id)
        may_write = "students.write" in request.permissions
        context = {
            "student": student,
            "page": student_page(student, person=request.person, scope=request.scope, today=request.today),
            "sections": sections("student", request, student),
            "history": history(on=student.pk) if may_write else None,
            "guardian_form": GuardianForm()
            if may_write and "email" in _allowed(request)["guardian"]
            else None,
        }
        return render(request, "classrooms/pupil.html", context)


def _allowed(request: TenantRequest) -> Any:
    return allowed_fields(request.tenant, request.today)


def _given(request: TenantRequest) -> dict[str, Any]:
    """Return what the form lets somebody write: the annex's fields, the classes within their reach."""
    scope = request.scope("students.write")
    classes = classes_seen_by(request.person, scope).current(request.today)
    return {
        "allowed": _allowed(request)["student"],
        "today": request.today,
        "classes": classes,
        "in_circle": scope != "all",
    }


class NewStudent(View):
    """Add a pupil."""

    permission = "students.write"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Show an empty form."""
        return _form(
            request,
            StudentForm(
                initial={"school_class": request.GET.get("class")}, find=request.GET, **_given(request)
            ),
        )

    def post(self, request: TenantRequest) -> HttpResponse:
        """Add the pupil, if a licence is free."""
        form = StudentForm(request.POST, **_given(request))
        if not form.is_valid():
            return _form(request, form)
        try:
            student = add_student(
                fields=form.written,
                class_id=_class_id(form),
                tenant=request.tenant,
                by=request.person,
                now=timezone.now(),
                today=request.today,
            )
        except LicencesUsedUp as refused:
            form.add_error(None, licence_refusal(refused))
            return _form(request, form)
        words = _("%(name)s has been added.") % {"name": student.full_name}
        return done(request, words, "classrooms:student", student.pk)


class EditStudent(View):
    """Correct what is written about a pupil."""

    permission = "students.write"

    def get(self, request: TenantRequest, student_id: UUID) -> HttpResponse:
        """Show the form."""
        student = student_of(request, student_id, "students.write")
        form = StudentForm(instance=student, find=request.GET, **_given(request))
        return _form(request, form, student)

    def post(self, request: TenantRequest, student_id: UUID) -> HttpResponse:
        """Save it."""
        student = student_of(request, student_id, "students.write")
        form = StudentForm(request.POST, instance=student, **_given(request))
        if not form.is_valid():
            return _form(request, form, student)
        change_student(
            student=student,
            fields=form.written,
            class_id=_class_id(form),
            by=request.person,
            now=timezone.now(),
            today=request.today,
        )
        return done(request, _("Saved."), "classrooms:student", student.pk)


def _class_id(form: StudentForm) -> UUID | None:
    chosen = form.cleaned_data["school_class"]
    return chosen.pk if chosen else None


def _form(request: HttpRequest, form: StudentForm, student: Student | None = None) -> HttpResponse:
    context = {"form": form, "student": student}
    return render(request, "classrooms/pupil_form.html", context, status=form.status)


class Departure(View):
    """A pupil has left, or is back."""

    permission = "students.write"

    def post(self, request: TenantRequest, student_id: UUID) -> HttpResponse:
        """Note it."""
        student = student_of(request, student_id, "students.write")
        details: dict[str, Any] = {
            "tenant": request.tenant,
            "by": request.person,
            "now": timezone.now(),
            "today": request.today,
        }
        if student.left_on is None:
            note_departure(student=student, **details)
            words = _("%(name)s has left: the record stays, the licence is free again.")
            return done(request, words % {"name": student.full_name}, "classrooms:student", student.pk)
        try:
            note_return(student=student, **details)
        except LicencesUsedUp as refused:
            return problem(request, licence_refusal(refused), "classrooms:student", student.pk)
        return done(
            request, _("%(name)s is back.") % {"name": student.full_name}, "classrooms:student", student.pk
        )


class InformStudent(View):
    """Record that one child's guardians were informed."""

    permission = "students.write"

    def get(self, request: TenantRequest, student_id: UUID) -> HttpResponse:
        """Show what is on record and the form."""
        student = student_of(request, student_id, "students.write")
        return self._form(request, student, NoticeForm(initial={"informed_on": request.today}))

    def post(self, request: TenantRequest, student_id: UUID) -> HttpResponse:
        """Put it on record."""
        student = student_of(request, student_id, "students.write")
        form = NoticeForm(request.POST)
        if form.is_valid() and record_notice(request, form, student=student):
            return done(
                request,
                _("On record: this child’s guardians were informed."),
                "classrooms:student",
                student.pk,
            )
        return self._form(request, student, form)

    def _form(self, request: TenantRequest, student: Student, form: NoticeForm) -> HttpResponse:
        notices = student.notices.select_related("recorded_by")
        context = {"student": student, "form": form, "notices": notices}
        return render(request, "classrooms/notice.html", context, status=400 if form.is_bound else 200)


class AddGuardian(View):
    """Add a guardian to a pupil."""

    permission = "students.write"

    def post(self, request: TenantRequest, student_id: UUID) -> HttpResponse:
        """Keep the address and the link."""
        student = student_of(request, student_id, "students.write")
        form = GuardianForm(request.POST)
        if not form.is_valid():
            return problem(request, str(form.errors["email"][0]), "classrooms:student", student.pk)
        email = form.cleaned_data["email"]
        before = removal_of_guardian(student=student, email=email, today=request.today)
        try:
            add_guardian(
                student=student,
                email=email,
                tenant=request.tenant,
                by=request.person,
                now=timezone.now(),
                today=request.today,
            )
        except GuardiansNotAllowed:
            words = _("Your annex B doesn’t list guardians. Add them there first, in the privacy centre.")
            return problem(request, words, "classrooms:student", student.pk)
        if before is not None:
            messages.warning(request, removal_words(before))
        return done(
            request, _("Guardian added. Invite them when you are ready."), "classrooms:student", student.pk
        )


class RemoveGuardian(View):
    """Take a pupil out of a guardian's sight."""

    permission = "students.write"

    def post(self, request: TenantRequest, student_id: UUID, guardian_id: UUID) -> HttpResponse:
        """Remove the link."""
        student = student_of(request, student_id, "students.write")
        guardian = get_object_or_404(Guardian, pk=guardian_id, guardianships__student=student)
        remove_guardian(
            student=student, guardian=guardian, by=request.person, now=timezone.now(), today=request.today
        )
        return done(request, _("They no longer see this child."), "classrooms:student", student.pk)


class FamilyList(ListView[Student]):
    """The guardians of the school, and who is still to be invited."""

    permission = "invitations.write"
    template_name = "classrooms/families.html"
    paginate_by = 50

    def get_queryset(self) -> Any:
        """Return the guardians asked for."""
        return family_rows(words=self.request.GET.get("q", ""), state=self.request.GET.get("state", ""))

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Return the page, or the whole list as CSV."""
        if self.request.GET.get("format") != "csv":
            return super().render_to_response(context, **kwargs)
        header = [_("E-mail address"), _("Children"), _("Invited"), _("Joined")]
        rows = (
            (g.email, ", ".join(link.student.full_name for link in g.children), g.invited_at, g.joined_at)
            for g in self.get_queryset()
        )
        return csv_response(_("families"), header, rows)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the last invitations sent to several at once, which can be taken back."""
        return super().get_context_data(**kwargs) | {"round": last_round(now=timezone.now())}

    def post(self, request: TenantRequest) -> HttpResponse:
        """Invite those chosen on the list."""
        ids = uuids(request.POST.getlist("ids"))
        return _invite(request, list(Guardian.objects.of_somebody_here().filter(person=None, pk__in=ids)))


class InviteFamilies(ListView[Guardian]):
    """Who would be invited, counted and listed, before anybody is."""

    permission = "invitations.write"
    template_name = "classrooms/families_invite.html"
    paginate_by = 50

    def get_queryset(self) -> Any:
        """Return the guardians who wait."""
        return family_rows(state="waiting")

    def post(self, request: TenantRequest) -> HttpResponse:
        """Invite them all, if they are as many as were shown."""
        waiting = list(Guardian.objects.to_invite())
        if request.POST.get("shown") != str(len(waiting)):
            words = _("Something changed meanwhile. Look at it again, then confirm.")
            return problem(request, words, "classrooms:families_invite")
        return _invite(request, waiting)


def _invite(request: TenantRequest, guardians: list[Guardian]) -> HttpResponse:
    """Invite guardians, and say how many were."""
    try:
        count = invite_guardians(
            guardians=guardians,
            tenant=request.tenant,
            by=request.person,
            now=timezone.now(),
            today=request.today,
        )
    except FamiliesSeeNothing:
        words = _("Your contract doesn’t open the record to families: add guardians to your annex B first.")
        return problem(request, words, "classrooms:families")
    except CannotGive:
        words = _("Your role can’t invite guardians: ask an administrator.")
        return problem(request, words, "classrooms:families")
    if count < len(guardians):
        messages.warning(
            request, _("An address is that of a closed account: open it again under People first.")
        )
    words = ngettext("One family invited.", "%(count)s families invited.", count) % {"count": count}
    return done(request, words, "classrooms:families")


class TakeBackInvitations(View):
    """Take back invitations that went to many families at once."""

    permission = "invitations.write"

    def post(self, request: TenantRequest) -> HttpResponse:
        """Take back those of the round shown that nobody answered yet."""
        now = timezone.now()
        found = last_round(now=now)
        if found is None or request.POST.get("shown") != found.shown:
            words = _("Something changed meanwhile. Look at it again, then confirm.")
            return problem(request, words, "classrooms:families")
        count = take_back_invitations(sent_at=found.sent_at, by=request.person, now=now)
        words = ngettext("One invitation taken back.", "%(count)s invitations taken back.", count)
        return done(request, words % {"count": count}, "classrooms:families")
