"""A quote signed on paper: taken in by finance or by the buyer, and read again by those who may."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from billing.customers.models import Contact
from billing.customers.requests import PortalRequest
from billing.customers.views.sign_in import PortalView
from billing.money.views.answers import done, pdf, problem
from billing.quotes.actions.receive_signed_quote import NotSigned, receive_signed_quote
from billing.quotes.forms.signing import BuyersSignedPdfForm, SignedPdfForm
from billing.quotes.gateways.signed_files import read_signed
from billing.quotes.models import QuoteVersion
from billing.quotes.queries.portal import terms_of_sale, versions_of
from billing.quotes.views.error_messages import NOT_SIGNED, quote_error_message
from billing.quotes.views.quotes import quote_page
from people.models import Person
from people.requests import ConsoleRequest, VisitorRequest


class UploadSigned(View):
    """Finance puts a signed PDF with its quote."""

    permission = "quotes.write"

    def get(self, request: ConsoleRequest, version_id: UUID) -> HttpResponse:
        """Return the quote, where the form is."""
        return quote_page(request, version_id)

    def post(self, request: ConsoleRequest, version_id: UUID) -> HttpResponse:
        """Make a firm order of it, or say why not."""
        rows = QuoteVersion.objects.select_related("quote__customer", "quote__contact")
        version = get_object_or_404(rows, pk=version_id)
        form = SignedPdfForm(request.POST, request.FILES, today=request.today, issued_on=version.issued_on)
        if not form.is_valid():
            return quote_page(request, version_id, form)
        return _take_in(
            request,
            version,
            form,
            by=request.person,
            contact=version.quote.contact,
            back="billing:quote",
            onward="billing:order",
        )


class PortalUpload(PortalView):
    """The buyer sends the PDF they signed."""

    def post(self, request: PortalRequest, version_id: UUID) -> HttpResponse:
        """Make a firm order of it, or say why not."""
        version = get_object_or_404(
            versions_of(self.request.contact).select_related("quote__contact"), pk=version_id
        )
        form = BuyersSignedPdfForm(
            request.POST, request.FILES, today=request.today, issued_on=version.issued_on
        )
        if not form.is_valid():
            words = next((f"{form[name].label} – {errors[0]}" for name, errors in form.errors.items()), "")
            return problem(request, words, "billing:portal_quote", version.pk)
        return _take_in(
            request,
            version,
            form,
            by=None,
            contact=request.contact,
            back="billing:portal_quote",
            onward="billing:portal_order",
        )


def _take_in(
    request: VisitorRequest,
    version: QuoteVersion,
    form: SignedPdfForm,
    *,
    by: Person | None,
    contact: Contact,
    back: str,
    onward: str,
) -> HttpResponse:
    data = form.cleaned_data
    terms = terms_of_sale(version, on=request.today)
    try:
        order = receive_signed_quote(
            version_id=version.pk,
            content=data["document"],
            name=data["name"],
            signatory_title=data["job_title"],
            signed_on=data["signed_on"],
            contact=contact,
            terms_version=terms.pk if terms else None,
            received_by=by,
            now=timezone.now(),
            today=request.today,
        )
    except NotSigned:
        text = _(
            "This is the quote as it was sent: it bears no signature. Sign it, scan it, then send that file."
        )
        return problem(request, text, back, version.pk)
    except NOT_SIGNED as error:
        return problem(request, quote_error_message(error), back, version.pk)
    return done(request, _("The signed quote is kept; the order is firm."), onward, order.pk)


class SignedFile(View):
    """The signed PDF, for finance; a quote without one answers with its page."""

    permission = "quotes.write"

    def get(self, request: ConsoleRequest, version_id: UUID) -> HttpResponse:
        """Return the file as it came."""
        version = get_object_or_404(QuoteVersion.objects.select_related("signature"), pk=version_id)
        return _file(version, instead="billing:quote")


class PortalSignedFile(PortalView):
    """The signed PDF, for the buyer; a quote without one answers with its page."""

    def get(self, request: PortalRequest, version_id: UUID) -> HttpResponse:
        """Return the file as it came."""
        version = get_object_or_404(
            versions_of(self.request.contact).select_related("signature"), pk=version_id
        )
        return _file(version, instead="billing:portal_quote")


def _file(version: QuoteVersion, *, instead: str) -> HttpResponse:
    signature = getattr(version, "signature", None)
    path = signature.document.name if signature else ""
    return file_or_page(version, path, f"{version.label} signed", instead=instead)


def file_or_page(version: QuoteVersion, path: str, name: str, *, instead: str) -> HttpResponse:
    """Return a private PDF of a version as it came, to be saved; its page where there is none."""
    if not path:
        return redirect(instead, version.pk)
    answer = pdf(read_signed(path), name, download=True)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
