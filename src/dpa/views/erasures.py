"""Deletions: ask, confirm, decide, undo, prove."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View

from classrooms.forms.words import licence_refusal
from classrooms.policy.licences import LicencesUsedUp
from classrooms.queries.circles import household_children
from dpa.actions.decide_request import NothingToDecide, approve, refuse
from dpa.actions.print_certificate import certificate_data, certificate_note, certificate_pdf
from dpa.actions.request_erasure import (
    AlreadyAsked,
    delete_guardian,
    request_person_erasure,
    request_student_erasure,
)
from dpa.actions.undo_erasure import TooLate, undo_erasure
from dpa.forms import RefusalForm
from dpa.models import Erasure
from dpa.queries.data_inventory import losses
from dpa.queries.mails import names_in
from dpa.queries.pages import (
    erasure_rows,
    erasure_under_way,
    evidence_of,
    guardian_with,
    person_with,
    student_with,
)
from dpa.queries.promises import clock_for
from dpa.queries.subjects import is_guardian_only, with_last_links
from dpa.views.centre import profiles_of
from dpa.views.doubts import answered_doubts, doubts_shown
from dpa.views.words import left_in_words, losses_in_words
from exports.gateways.csv import csv_response
from people.actions.guard import CannotGive, LastAdministrator
from people.registry import ClosingForm, after_closing, closing_form
from people.requests import TenantRequest


class ErasureList(View):
    """All deletions: what waits, what can be undone, what was erased."""

    permission = "privacy.read"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Show, search or download them."""
        words = request.GET.get("q", "")
        state = request.GET.get("state", "")
        with_names = "erasures.write" in request.permissions
        rows = erasure_rows(with_names=with_names, now=timezone.now(), state=state, words=words)
        if request.GET.get("format") == "csv":
            return self._csv(rows)
        page = Paginator(rows, 50).get_page(request.GET.get("page"))
        context = {"page_obj": page, "states": Erasure.State.choices, "state": state, "q": words}
        return render(request, "dpa/deletions.html", context)

    def _csv(self, rows: list[Any]) -> HttpResponse:
        header = [_("Reference"), _("Whose"), _("State"), _("On whose word"), _("Asked for"), _("Erased")]
        lines = (
            [
                row.deletion.reference,
                row.deletion.get_kind_display(),
                row.deletion.get_state_display(),
                row.deletion.get_origin_display(),
                row.deletion.requested_at,
                row.deletion.erased_at,
            ]
            for row in rows
        )
        return csv_response(_("deletions"), header, lines)


class ErasurePage(View):
    """One deletion: where it stands, and what can be done."""

    permission = "privacy.read"

    def get(self, request: TenantRequest, deletion_id: UUID) -> HttpResponse:
        """Show it."""
        return erasure_page(request, _found(deletion_id))


def erasure_page(request: TenantRequest, deletion: Erasure, form: RefusalForm | None = None) -> HttpResponse:
    """Return the page of a deletion, with names for who may decide."""
    may = "erasures.write" in request.permissions
    gone = deletion.state in {Erasure.State.ERASING, Erasure.State.ERASED}
    waiting = deletion.state == Erasure.State.WAITING
    lost = losses(deletion.subjects) if waiting else None
    context = {
        "deletion": deletion,
        "names": names_in(deletion) if may and not gone else [],
        "evidence": evidence_of(deletion.pk),
        "undo": may and deletion.can_be_undone(timezone.now()),
        "decide": may and waiting,
        "losses": losses_in_words(lost) if lost else [],
        "doubts": doubts_shown(request, deletion.subjects) if may and waiting else None,
        "form": form or RefusalForm(),
    }
    return render(request, "dpa/deletion.html", context, status=400 if form else 200)


class Undo(View):
    """Take a deletion back."""

    permission = "erasures.write"

    def post(self, request: TenantRequest, deletion_id: UUID) -> HttpResponse:
        """Undo it, or say that it is too late."""
        try:
            undo_erasure(deletion=_found(deletion_id), by=request.person, now=timezone.now())
        except TooLate:
            messages.error(request, _("It is too late to undo this deletion: the data is gone or going."))
        except LicencesUsedUp as refused:
            messages.error(request, licence_refusal(refused))
        else:
            messages.success(request, _("Undone: everything is as it was."))
        return redirect("dpa:erasure", deletion_id)


class Approve(View):
    """Say yes to a person's wish to be deleted."""

    permission = "erasures.write"

    def post(self, request: TenantRequest, deletion_id: UUID) -> HttpResponse:
        """Start the deletion."""
        try:
            approve(
                deletion=_found(deletion_id),
                by=request.person,
                now=timezone.now(),
                answered=answered_doubts(request),
            )
        except NothingToDecide:
            messages.error(request, _("This request has been answered already."))
        except (LastAdministrator, CannotGive) as why:
            messages.error(request, _why_not(why))
        return redirect("dpa:erasure", deletion_id)


class Refuse(View):
    """Say no, with a reason."""

    permission = "erasures.write"

    def post(self, request: TenantRequest, deletion_id: UUID) -> HttpResponse:
        """Keep the reason and send it."""
        deletion = _found(deletion_id)
        form = RefusalForm(request.POST)
        if not form.is_valid():
            return erasure_page(request, deletion, form)
        try:
            refuse(
                deletion=deletion, reason=form.cleaned_data["reason"], by=request.person, now=timezone.now()
            )
        except NothingToDecide:
            messages.error(request, _("This request has been answered already."))
        return redirect("dpa:erasure", deletion_id)


class Certificate(View):
    """The proof of an erasure, for people and for machines."""

    permission = "privacy.read"

    def get(self, request: TenantRequest, deletion_id: UUID, form: str) -> HttpResponse:
        """Return the PDF, the JSON, or the JSON as a signed note."""
        evidence = evidence_of(deletion_id)
        if evidence is None:
            raise Http404
        name = f"{_('certificate')}-{evidence.reference}.{form}"
        if form == "json":
            response: HttpResponse = JsonResponse(certificate_data(evidence, tenant=request.tenant))
        elif form == "txt":
            note = certificate_note(evidence, tenant=request.tenant)
            response = HttpResponse(note, content_type="text/plain; charset=utf-8")
        else:
            content = certificate_pdf(evidence, tenant=request.tenant, language=get_language() or "fr")
            response = HttpResponse(content, content_type="application/pdf")
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


class _Confirm(View):
    """A page that says exactly what goes and asks for the name."""

    permission = "erasures.write"
    cancel = "dpa:erasures"
    answers: ClosingForm | None = None

    def find(self, subject_id: UUID) -> Any:
        """Return whom it is about, or None."""
        raise NotImplementedError

    def ids(self, subject: Any) -> list[UUID]:
        """Return the ids whose data goes."""
        raise NotImplementedError

    def begin(self, request: TenantRequest, subject: Any) -> Erasure:
        """Start the deletion."""
        raise NotImplementedError

    def name(self, subject: Any) -> str:
        """Return the name to type."""
        return str(subject)

    def asked(self, request: TenantRequest, subject: Any) -> ClosingForm | None:
        """Return what else is asked, None for nothing."""
        return None

    def get(self, request: TenantRequest, subject_id: UUID) -> HttpResponse:
        """Show what will go."""
        subject = self._subject(subject_id)
        under_way = erasure_under_way(self.ids(subject))
        return self.after(under_way) if under_way else self._page(request, subject)

    def post(self, request: TenantRequest, subject_id: UUID) -> HttpResponse:
        """Start it when the name was typed."""
        subject = self._subject(subject_id)
        self.answers = self.asked(request, subject)
        if self.answers is not None and not self.answers.is_valid():
            return self._page(request, subject, status=self.answers.status)
        if not same_name(request.POST.get("confirm_name", ""), self.name(subject)):
            return self._page(request, subject, name_error=True)
        try:
            deletion = self.begin(request, subject)
        except AlreadyAsked as already:
            deletion = already.deletion
        except (LastAdministrator, CannotGive) as why:
            messages.error(request, _why_not(why))
            return self._page(request, subject, name_error=False, status=409)
        return self.after(deletion)

    def after(self, deletion: Erasure) -> HttpResponse:
        """Return the way to what has begun."""
        return redirect("dpa:erasure", deletion.pk)

    def _subject(self, subject_id: UUID) -> Any:
        subject = self.find(subject_id)
        if subject is None:
            raise Http404
        return subject

    def _page(
        self, request: TenantRequest, subject: Any, *, name_error: bool = False, status: int = 0
    ) -> HttpResponse:
        lost = losses(self.ids(subject))
        context = {
            "subject": subject,
            "name": self.name(subject),
            "losses": losses_in_words(lost),
            "kept": left_in_words(lost),
            "doubts": doubts_shown(request, self.ids(subject)),
            "clock": clock_for(profiles_of(request), asked_at=timezone.now()),
            "name_error": name_error,
            "cancel_url": reverse(self.cancel),
            "confirm_form": self.answers or self.asked(request, subject),
        }
        return render(request, "dpa/confirm.html", context, status=status or (400 if name_error else 200))


class DeleteStudent(_Confirm):
    """Delete a pupil."""

    def find(self, subject_id: UUID) -> Any:
        """Return the pupil."""
        return student_with(subject_id)

    def ids(self, subject: Any) -> list[UUID]:
        """Return the pupil, their account, and the guardians whose last child this is."""
        return with_last_links([subject.pk, *([subject.person_id] if subject.person_id else [])])

    def begin(self, request: TenantRequest, subject: Any) -> Erasure:
        """Start the deletion."""
        return request_student_erasure(student_ids=[subject.pk], **_asked(request))


class DeleteChild(DeleteStudent):
    """Delete a child of one's own household."""

    permission = "household.write"
    cancel = "classrooms:household"
    request: TenantRequest

    def find(self, subject_id: UUID) -> Any:
        """Return the child; one of another household doesn't exist."""
        return household_children(self.request.person).filter(pk=subject_id).first()

    def begin(self, request: TenantRequest, subject: Any) -> Erasure:
        """Start the deletion, on the parent's word."""
        details: dict[str, Any] = {"by": request.person, "now": timezone.now(), "origin": Erasure.Origin.USER}
        return request_student_erasure(student_ids=[subject.pk], **details)

    def after(self, deletion: Erasure) -> HttpResponse:
        """Return to the household: the way to undo it is in the mail."""
        messages.success(
            self.request, _("Deletion started. The link to undo it is in the e-mail we send you.")
        )
        return redirect("classrooms:household")


class DeletePerson(_Confirm):
    """Delete an account."""

    def find(self, subject_id: UUID) -> Any:
        """Return the person."""
        return person_with(subject_id)

    def ids(self, subject: Any) -> list[UUID]:
        """Return the person."""
        return [subject.pk]

    def name(self, subject: Any) -> str:
        """Return the person's name."""
        return str(subject.name)

    def asked(self, request: TenantRequest, subject: Any) -> ClosingForm | None:
        """Return who takes over what a teacher leaves behind."""
        return closing_form(request, subject)

    def begin(self, request: TenantRequest, subject: Any) -> Erasure:
        """Start the deletion, and hand over what was asked to be."""
        told: dict[str, Any] = {"by": request.person, "now": timezone.now()}
        then = after_closing(self.answers, today=request.today, **told)
        return request_person_erasure(person=subject, then=then, answered=answered_doubts(request), **told)


class DeleteGuardian(_Confirm):
    """Delete a guardian, with or without an account."""

    def find(self, subject_id: UUID) -> Any:
        """Return the guardian."""
        return guardian_with(subject_id)

    def ids(self, subject: Any) -> list[UUID]:
        """Return the guardian, and their account where they have it as a guardian only."""
        return [subject.pk, *([subject.person_id] if is_guardian_only(subject.person) else [])]

    def name(self, subject: Any) -> str:
        """Return the address."""
        return str(subject.email)

    def begin(self, request: TenantRequest, subject: Any) -> Erasure:
        """Start the deletion."""
        return delete_guardian(guardian=subject, **_asked(request))


def _asked(request: TenantRequest) -> dict[str, Any]:
    """Return who asks, when, and what they answered about doubtful names in texts."""
    return {"by": request.person, "now": timezone.now(), "answered": answered_doubts(request)}


def same_name(typed: str, name: str) -> bool:
    """Return whether the name was typed, capitals and spaces aside."""
    return " ".join(typed.split()).casefold() == " ".join(name.split()).casefold()


def _found(deletion_id: UUID) -> Erasure:
    deletion = Erasure.objects.filter(pk=deletion_id).first()
    if deletion is None:
        raise Http404
    return deletion


def _why_not(why: Exception) -> str:
    if isinstance(why, LastAdministrator):
        return _("This is the last administrator: name another one first.")
    return _("This person holds rights that you don’t have: ask an administrator who has them.")
