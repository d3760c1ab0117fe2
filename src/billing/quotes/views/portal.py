"""Quotes in the portal: read and sign them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.customers.requests import PortalRequest
from billing.customers.views.sign_in import PortalView
from billing.money.views.answers import done, pdf, problem
from billing.quotes.actions.draw_quote import quote_pdf
from billing.quotes.actions.sign_quote import sign_quote
from billing.quotes.forms.quotes import SignForm
from billing.quotes.forms.signing import BuyersSignedPdfForm
from billing.quotes.models import QuoteVersion
from billing.quotes.queries.documents import quote_document
from billing.quotes.queries.portal import terms_of_sale, versions_of
from billing.quotes.views.error_messages import NOT_SIGNED, quote_error_message


class PortalQuotes(PortalView):
    """The buyer's quotes."""

    def get(self, request: PortalRequest) -> HttpResponse:
        """Return the list."""
        return self.page(
            "billing/quotes/portal/quotes.html", {"versions": versions_of(self.request.contact).current()}
        )


class PortalQuote(PortalView):
    """A quote to read and to sign."""

    def get(self, request: PortalRequest, version_id: UUID) -> HttpResponse:
        """Return the quote."""
        contact = request.contact
        form = SignForm(
            initial={
                "name": f"{contact.first_name} {contact.last_name}".strip(),
                "job_title": contact.job_title,
            }
        )
        return self._page(self._version(version_id), form)

    def post(self, request: PortalRequest, version_id: UUID) -> HttpResponse:
        """Sign it, or say why not."""
        version = self._version(version_id)
        form = SignForm(request.POST)
        if not form.is_valid():
            return self._page(version, form)
        terms = terms_of_sale(version, on=request.today)
        data = form.cleaned_data
        details = {"name": data["name"], "signatory_title": data["job_title"], "contact": request.contact}
        try:
            order = sign_quote(
                version_id=version.pk,
                terms_version=terms.pk if terms else None,
                now=timezone.now(),
                today=request.today,
                **details,
            )
        except NOT_SIGNED as error:
            return problem(request, quote_error_message(error), "billing:portal_quote", version.pk)
        return done(
            request,
            _("Thank you. Your order is firm; here is what happens next."),
            "billing:portal_order",
            order.pk,
        )

    def _version(self, version_id: UUID) -> QuoteVersion:
        return get_object_or_404(versions_of(self.request.contact), pk=version_id)

    def _page(self, version: QuoteVersion, form: SignForm) -> HttpResponse:
        context = quote_document(version) | {
            "form": form,
            "can_sign": version.is_open(self.request.today),
            "terms": terms_of_sale(version, on=self.request.today),
            "order": getattr(version, "order", None),
            "upload": BuyersSignedPdfForm(
                auto_id="upload_%s",
                today=self.request.today,
                issued_on=version.issued_on,
                initial={
                    "name": form["name"].value(),
                    "job_title": form["job_title"].value(),
                    "signed_on": self.request.today,
                },
            ),
        }
        return self.page("billing/quotes/portal/quote.html", context, status=422 if form.errors else 200)


class PortalQuotePdf(PortalView):
    """A quote on paper."""

    def get(self, request: PortalRequest, version_id: UUID) -> HttpResponse:
        """Return the PDF."""
        version = get_object_or_404(versions_of(self.request.contact), pk=version_id)
        return pdf(quote_pdf(version), version.label)
