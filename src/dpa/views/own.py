"""One's own account: what it holds, how to have it deleted, how to take that back."""

from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View

from classrooms.forms.words import household_refusal, licence_refusal
from classrooms.policy.licences import LicencesUsedUp
from dpa.actions.print_record import record_pdf
from dpa.actions.request_erasure import AlreadyAsked, ask_to_be_deleted
from dpa.actions.undo_erasure import TooLate, undo_erasure
from dpa.models import Erasure
from dpa.policy.asking import ErasureOutcome
from dpa.queries.data_inventory import losses
from dpa.queries.mails import erasure_of_token
from dpa.queries.pages import erasure_under_way
from dpa.queries.promises import clock_for, ruling_for
from dpa.queries.record import FAMILY, TEACHER, Reader, record_of
from dpa.queries.subjects import children_with
from dpa.views.centre import profiles_of
from dpa.views.erasures import same_name
from dpa.views.words import losses_in_words
from exports.policy.naming import file_name
from people.actions.guard import LastAdministrator
from people.models import Person
from people.requests import TenantRequest, VisitorRequest
from tenants.queries import tenant_row


class MyAccount(View):
    """What is held of oneself, and deletion: carried out or asked for, as the contract says."""

    permission = "signed-in"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Show it."""
        return self._page(request)

    def post(self, request: TenantRequest) -> HttpResponse:
        """Delete the account when the name was typed, or leave the request."""
        person = request.person
        if not same_name(request.POST.get("confirm_name", ""), person.name):
            return self._page(request, name_error=True)
        try:
            deletion = ask_to_be_deleted(person=person, now=timezone.now())
        except AlreadyAsked:
            return redirect("dpa:my_data")
        except LastAdministrator:
            messages.error(request, _("You are the last administrator: name another one first."))
            return self._page(request, status=409)
        if deletion.state == Erasure.State.WAITING:
            messages.success(
                request, _("Your request has reached the school. You will have an answer by e-mail.")
            )
            return redirect("dpa:my_data")
        logout(request)
        return render(request, "dpa/goodbye.html", {"deletion": deletion})

    def _page(self, request: TenantRequest, *, name_error: bool = False, status: int = 0) -> HttpResponse:
        person = request.person
        now = timezone.now()
        ruling = ruling_for(person, today=request.tenant.today(now))
        context = {
            "at_once": ruling.how is ErasureOutcome.CARRIED_OUT,
            "takes_children": ruling.takes_children,
            "losses": losses_in_words(losses([person.pk, *_going_along(person, ruling.takes_children)])),
            "clock": clock_for(profiles_of(request), asked_at=now),
            "under_way": erasure_under_way([person.pk]),
            "name_error": name_error,
        }
        return render(request, "dpa/my_data.html", context, status=status or (400 if name_error else 200))


def _going_along(person: Person, takes_children: bool) -> list[UUID]:
    return [child.pk for child in children_with(person)] if takes_children else []


class UndoByLink(View):
    """Take one's own deletion back with the link of the mail, as the account is closed."""

    permission = "anyone"

    def get(self, request: VisitorRequest, token: str) -> HttpResponse:
        """Ask whether it should be taken back."""
        return self._page(request, token)

    def post(self, request: VisitorRequest, token: str) -> HttpResponse:
        """Take it back."""
        deletion = self._deletion(token)
        try:
            undo_erasure(deletion=deletion, by=None, now=timezone.now())
        except TooLate:
            return self._page(request, token)
        except LicencesUsedUp as refused:
            words = household_refusal if tenant_row().is_shared else licence_refusal
            messages.error(request, words(refused))
            return self._page(request, token)
        messages.success(request, _("Your account is as it was: you can sign in."))
        return redirect("/")

    def _deletion(self, token: str) -> Erasure:
        deletion = erasure_of_token(token)
        if deletion is None:
            raise Http404
        return deletion

    def _page(self, request: VisitorRequest, token: str) -> HttpResponse:
        deletion = self._deletion(token)
        can = deletion.can_be_undone(timezone.now())
        return render(
            request, "dpa/undo.html", {"deletion": deletion, "can": can}, status=200 if can else 410
        )


class RecordOnPaper(View):
    """A pupil's record as a PDF, for who works with them."""

    permission = "record.read"
    sight = TEACHER

    def get(self, request: TenantRequest, student_id: UUID) -> HttpResponse:
        """Return the PDF; a pupil outside of one's circle doesn't exist."""
        scope = request.scope("record.read")
        reader = Reader(self.sight, request.person, scope, scope, request.scope("results.read"))
        student = reader.students().filter(pk=student_id).first()
        if student is None:
            raise Http404
        now = timezone.now()
        language = get_language() or "fr"
        record = record_of(student, reader=reader, today=request.tenant.today(now))
        content = record_pdf(record, tenant=request.tenant, now=now, language=language)
        response = HttpResponse(content, content_type="application/pdf")
        name = file_name(_("Record of %(name)s") % {"name": student})
        response.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}.pdf"
        response.headers["Cache-Control"] = "no-store"
        return response


class ChildOnPaper(RecordOnPaper):
    """The record of one's own child as a PDF: what is shared."""

    permission = "family.read"
    sight = FAMILY
