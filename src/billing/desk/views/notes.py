"""Writing on a document, and taking the words back."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from billing.desk.actions.write_note import NothingNoted, erase_note, write_note
from billing.desk.models import Note
from billing.desk.policy.notes import RIGHTS
from billing.desk.queries.notes import noted
from billing.money.views.answers import done, problem
from billing.quotes.models import QuoteVersion
from people.requests import ConsoleRequest

PAGES = {
    "customer": "billing:customer",
    "order": "billing:order",
    "invoice": "billing:invoice",
    "payment": "billing:payment",
    "claim": "billing:interest_claim",
    "pro_forma": "billing:pro_forma",
    "subscription": "billing:subscription",
}


def page_of(kind: str, subject_id: UUID) -> tuple[str, UUID]:
    """Return the page a note stands on; a quote's is that of its version in hand."""
    if kind != "quote":
        return PAGES[kind], subject_id
    return "billing:quote", QuoteVersion.objects.current().get(quote_id=subject_id).pk


def allowed(request: ConsoleRequest, kind: str) -> None:
    """Answer that there is nothing to whoever may not read what the note is on."""
    if RIGHTS.get(kind) not in request.permissions:
        raise Http404


class WriteNote(View):
    """Write on something."""

    permission = "customers.write"

    def get(self, request: ConsoleRequest, note_kind: str, noted_id: UUID) -> HttpResponse:
        """Return to the page, where the form is."""
        self._check(request, note_kind, noted_id)
        name, key = page_of(note_kind, noted_id)
        return redirect(f"{reverse(name, args=[key])}#notes")

    def post(self, request: ConsoleRequest, note_kind: str, noted_id: UUID) -> HttpResponse:
        """Keep it, or say what is wrong."""
        self._check(request, note_kind, noted_id)
        to = page_of(note_kind, noted_id)
        text = request.POST.get("text", "")[:5000]
        if "\0" in text:
            return HttpResponseBadRequest()
        try:
            write_note(kind=note_kind, subject_id=noted_id, text=text, by=request.person, now=timezone.now())
        except NothingNoted:
            return problem(request, _("Write something first."), *to)
        return done(request, _("The note is kept."), *to)

    def _check(self, request: ConsoleRequest, kind: str, subject_id: UUID) -> None:
        allowed(request, kind)
        if noted(kind, subject_id) is None:
            raise Http404


class EraseNote(View):
    """Erase the words of a note."""

    permission = "customers.write"

    def post(self, request: ConsoleRequest, note_id: UUID) -> HttpResponse:
        """Erase them."""
        note = get_object_or_404(Note, pk=note_id)
        allowed(request, note.kind)
        to = page_of(note.kind, note.subject_id)
        if not erase_note(note_id=note.pk, by=request.person, now=timezone.now()):
            return problem(request, _("It was erased before."), *to)
        return done(request, _("Its words are erased; that there was a note stays."), *to)
