"""What happens to issued documents: files, credit notes, deposits, pro formas, and their way to the
recipient.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.generic import ListView, View

from audit.queries import history
from billing.actions.credit_invoice import credit_invoice
from billing.actions.dispatch_document import ReasonNeeded, note_answer, send_again
from billing.actions.draw_document import invoice_xml, pro_forma_pdf
from billing.actions.issue_invoice import InvoicedAlready, issue_final
from billing.actions.issue_pro_forma import NothingQuoted, issue_pro_forma
from billing.actions.seal_document import NotAnInvoice
from billing.forms.documents import AnswerForm, CreditForm
from billing.forms.money import ReasonForm
from billing.models import ConsumerReport, Invoice, Order, ProForma, QuoteVersion
from billing.policy.channels import WrongMove
from billing.policy.credit import NothingCredited, TooMuchCredited
from billing.queries.credits import left_of
from billing.queries.documents import pro_forma_document
from billing.queries.refusals import refusal_words
from billing.views.answers import done, pdf, problem
from billing.views.disputes import settle_dispute


def download(content: bytes, name: str, kind: str) -> HttpResponse:
    """Return a file to keep."""
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    response.headers["Cache-Control"] = "private, no-store"
    return response


def xml_answer(invoice: Invoice) -> HttpResponse:
    """Return a document's electronic invoice, or that there is none."""
    content = invoice_xml(invoice)
    if content is None:
        raise Http404
    return download(content, f"{invoice.number}.xml", "application/xml")


class InvoiceXml(View):
    """An issued document's electronic invoice."""

    right = "invoices.write"

    def get(self, request: Any, invoice_id: UUID) -> HttpResponse:
        """Return the XML."""
        return xml_answer(get_object_or_404(Invoice, pk=invoice_id))


class CreditInvoice(View):
    """Take an invoice back, whole or in part."""

    right = "invoices.write"

    def get(self, request: Any, invoice_id: UUID) -> HttpResponse:
        """Return the page with what is left of each line."""
        invoice = self._invoice(invoice_id)
        return self._page(request, invoice, CreditForm(left_of(invoice)))

    def post(self, request: Any, invoice_id: UUID) -> HttpResponse:
        """Issue the credit note, or say what is wrong."""
        invoice = self._invoice(invoice_id)
        form = CreditForm(left_of(invoice), request.POST)
        if not form.is_valid():
            return self._page(request, invoice, form)
        amounts = None if "whole" in request.POST else form.amounts
        try:
            note = credit_invoice(
                corrects=invoice, amounts=amounts, by=request.person, now=timezone.now(), today=request.today
            )
        except TooMuchCredited as most:
            form.add_error(f"line_{most.position}", _("That is more than is left of this line."))
        except NothingCredited:
            form.add_error(None, _("Say how much of which line goes back."))
        except NotAnInvoice as lack:
            form.add_error(None, refusal_words(lack.missing, lack.broken))
        else:
            return done(
                request, _("%(number)s is issued.") % {"number": note.number}, "billing:invoice", note.pk
            )
        return self._page(request, invoice, form)

    def _invoice(self, invoice_id: UUID) -> Invoice:
        return get_object_or_404(Invoice.objects.invoices().select_related("customer"), pk=invoice_id)

    def _page(self, request: Any, invoice: Invoice, form: CreditForm) -> HttpResponse:
        context = {"invoice": invoice, "customer": invoice.customer, "form": form}
        return render(request, "billing/console/credit.html", context, status=422 if form.errors else 200)


class NoteAnswer(View):
    """Keep what the platform said of a document."""

    right = "invoices.write"

    def post(self, request: Any, invoice_id: UUID) -> HttpResponse:
        """Keep it, or say what is wrong."""
        invoice = get_object_or_404(Invoice, pk=invoice_id, dispatch__isnull=False)
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return problem(request, _("Choose what the platform said."), "billing:invoice", invoice.pk)
        now = timezone.now()
        try:
            note_answer(invoice_id=invoice.pk, at=now, by=request.person, now=now, **form.cleaned_data)
        except ReasonNeeded:
            return problem(request, _("Say why it was refused."), "billing:invoice", invoice.pk)
        except WrongMove:
            return problem(
                request, _("It isn’t there yet, or is settled already."), "billing:invoice", invoice.pk
            )
        return done(request, _("Kept."), "billing:invoice", invoice.pk)


class SendAgain(View):
    """Send a refused document once more."""

    right = "invoices.write"

    def post(self, request: Any, invoice_id: UUID) -> HttpResponse:
        """Promise to send it."""
        invoice = get_object_or_404(Invoice, pk=invoice_id, dispatch__isnull=False)
        try:
            send_again(invoice_id=invoice.pk, by=request.person, now=timezone.now())
        except WrongMove:
            return problem(
                request, _("Only a refused document is sent again."), "billing:invoice", invoice.pk
            )
        return done(request, _("It leaves within a minute."), "billing:invoice", invoice.pk)


class IssueFinal(View):
    """Issue the invoice of an order whose deposit was invoiced."""

    right = "invoices.write"

    def post(self, request: Any, order_id: UUID) -> HttpResponse:
        """Issue it, or say why not."""
        order = get_object_or_404(Order, pk=order_id)
        try:
            invoice = issue_final(
                order_id=order.pk, by=request.person, now=timezone.now(), today=request.today
            )
        except InvoicedAlready:
            return problem(request, _("This order was invoiced in full already."), "billing:order", order.pk)
        except NotAnInvoice as lack:
            return problem(request, refusal_words(lack.missing, lack.broken), "billing:order", order.pk)
        return done(
            request, _("%(number)s is issued.") % {"number": invoice.number}, "billing:invoice", invoice.pk
        )


class IssueProForma(View):
    """Issue a pro forma of a quote."""

    right = "quotes.write"

    def post(self, request: Any, version_id: UUID) -> HttpResponse:
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


class ProFormaPage(View):
    """A pro forma as it was issued, and whether the client contests it."""

    right = "quotes.write"

    def get(self, request: Any, pro_forma_id: UUID) -> HttpResponse:
        """Return the page."""
        return self.page(request, self.found(pro_forma_id), ReasonForm(prefix="dispute"))

    def found(self, pro_forma_id: UUID) -> ProForma:
        """Return the pro forma, or answer that there is none."""
        return get_object_or_404(
            ProForma.objects.select_related("version__quote", "customer"), pk=pro_forma_id
        )

    def page(self, request: Any, made: ProForma, form: ReasonForm) -> HttpResponse:
        """Return the page with this form."""
        context = pro_forma_document(made) | {
            "customer": made.customer,
            "entries": history(on=made.pk),
            "dispute_form": form,
            "open_dispute": made.disputes.standing().first(),
        }
        return render(request, "billing/console/pro_forma.html", context, status=422 if form.errors else 200)


class DisputeProForma(ProFormaPage):
    """Keep that the client contests a pro forma, or how that ended."""

    def post(self, request: Any, pro_forma_id: UUID) -> HttpResponse:
        """Open the dispute, or close the one that is open."""
        made = self.found(pro_forma_id)
        form = ReasonForm(request.POST, prefix="dispute")
        if not form.is_valid():
            return self.page(request, made, form)
        return done(
            request, settle_dispute(made, form.cleaned_data["reason"], request), "billing:pro_forma", made.pk
        )


class ProFormaPdf(View):
    """A pro forma on paper."""

    right = "quotes.write"

    def get(self, request: Any, pro_forma_id: UUID) -> HttpResponse:
        """Return the PDF."""
        made = get_object_or_404(ProForma.objects.select_related("version__quote"), pk=pro_forma_id)
        return pdf(pro_forma_pdf(made), made.number)


class Reports(ListView):
    """The reports of sales that no platform carries."""

    right = "invoices.write"
    template_name = "billing/console/reports.html"
    context_object_name = "reports"
    paginate_by = 50
    queryset = ConsumerReport.objects.defer("content")


class ReportFile(View):
    """One report, as the administration reads it."""

    right = "invoices.write"

    def get(self, request: Any, report_id: UUID) -> HttpResponse:
        """Return the file."""
        made = get_object_or_404(ConsumerReport, pk=report_id)
        return download(bytes(made.content), f"ventes-{made.starts_on}.csv", "text/csv; charset=utf-8")
