"""Issue a pro forma of a quote."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from billing.invoicing.actions.finalize_invoice import NotAnInvoice
from billing.invoicing.actions.render_documents import pro_forma_pdf
from billing.invoicing.queries.refusals import refusal_words
from billing.money.views.answers import pdf, problem
from billing.quotes.actions.issue_pro_forma import NothingQuoted, issue_pro_forma
from billing.quotes.models import QuoteVersion
from people.requests import ConsoleRequest


class IssueProForma(View):
    """Issue a pro forma of a quote."""

    permission = "quotes.write"

    def post(self, request: ConsoleRequest, version_id: UUID) -> HttpResponse:
        """Issue it and return its page, or say why not."""
        version = get_object_or_404(QuoteVersion.objects.select_related("quote"), pk=version_id)
        try:
            made = issue_pro_forma(
                version=version, by=request.person, now=timezone.now(), today=request.today
            )
        except NothingQuoted:
            return problem(request, _("Send the quote first."), "billing:quote", version.pk)
        except NotAnInvoice as lack:
            return problem(request, refusal_words(lack.missing, lack.broken), "billing:quote", version.pk)
        return pdf(pro_forma_pdf(made), made.number)
