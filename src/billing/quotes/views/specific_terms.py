"""The specific terms signed with a quote: attached by finance, read by those who may."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from billing.customers.requests import PortalRequest
from billing.customers.views.sign_in import PortalView
from billing.money.views.answers import done, problem
from billing.quotes.actions.attach_specific_terms import attach_specific_terms
from billing.quotes.actions.write_quote import AlreadySent
from billing.quotes.forms.signing import PdfForm
from billing.quotes.models import QuoteVersion
from billing.quotes.queries.portal import versions_of
from billing.quotes.views.quotes import quote_page
from billing.quotes.views.signed import file_or_page
from people.requests import ConsoleRequest


class AttachSpecificTerms(View):
    """Finance puts specific terms with a draft, or takes them away."""

    permission = "quotes.write"

    def get(self, request: ConsoleRequest, version_id: UUID) -> HttpResponse:
        """Return the quote, where the form is."""
        return quote_page(request, version_id)

    def post(self, request: ConsoleRequest, version_id: UUID) -> HttpResponse:
        """Keep the PDF with the draft, or say why not."""
        version = get_object_or_404(QuoteVersion, pk=version_id)
        form = PdfForm(request.POST, request.FILES, prefix="terms")
        detach = "detach" in request.POST
        if not detach and not form.is_valid():
            return quote_page(request, version_id, terms_form=form)
        content = None if detach else form.cleaned_data["document"]
        try:
            attach_specific_terms(
                version_id=version.pk, content=content, by=request.person, now=timezone.now()
            )
        except AlreadySent:
            return problem(request, _("This version was sent already."), "billing:quote", version.pk)
        text = (
            _("This quote has no specific terms any more.")
            if detach
            else _("The specific terms are attached.")
        )
        return done(request, text, "billing:quote", version.pk)


class SpecificTermsFile(View):
    """The specific terms, for finance; a quote without any answers with its page."""

    permission = "quotes.write"

    def get(self, request: ConsoleRequest, version_id: UUID) -> HttpResponse:
        """Return the file as it came."""
        return _file(get_object_or_404(QuoteVersion, pk=version_id), instead="billing:quote")


class PortalSpecificTerms(PortalView):
    """The specific terms, for the buyer; a quote without any answers with its page."""

    def get(self, request: PortalRequest, version_id: UUID) -> HttpResponse:
        """Return the file as it came."""
        version = get_object_or_404(versions_of(request.contact), pk=version_id)
        return _file(version, instead="billing:portal_quote")


def _file(version: QuoteVersion, *, instead: str) -> HttpResponse:
    return file_or_page(version, version.specific_terms.name or "", f"{version.label} terms", instead=instead)
