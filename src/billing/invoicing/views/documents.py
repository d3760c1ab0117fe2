"""What happens to issued documents: files, credit notes, deposits, pro formas, and their way to the
recipient.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import ListView, View

from audit.queries import history
from billing.invoicing.actions.credit_by_hand import WHOLE_INVOICE, WHOLE_ORDER, credit_by_hand
from billing.invoicing.actions.finalize_invoice import NotAnInvoice
from billing.invoicing.actions.read_answers import open_answers
from billing.invoicing.actions.render_documents import invoice_xml, pro_forma_pdf
from billing.invoicing.actions.transmit_document import ReasonNeeded, note_answer, send_again
from billing.invoicing.forms.documents import AnswerForm, CreditForm
from billing.invoicing.models import ConsumerReport, Invoice, ProForma
from billing.invoicing.policy.credit import DeductedElsewhere, NothingCredited, TooMuchCredited
from billing.invoicing.queries.credits import creditable, down_payments_of_order, left_of
from billing.invoicing.queries.documents import pro_forma_document
from billing.invoicing.queries.refusals import refusal_words
from billing.money.forms.fields import ReasonForm
from billing.money.views.answers import done, pdf, problem
from billing.registry import ask
from contracts.policy.transitions import WrongMove
from people.requests import ConsoleRequest


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

    permission = "invoices.write"

    def get(self, request: ConsoleRequest, invoice_id: UUID) -> HttpResponse:
        """Return the XML."""
        return xml_answer(get_object_or_404(Invoice, pk=invoice_id))


class CreditInvoice(View):
    """Take an invoice back, whole or in part."""

    permission = "invoices.write"

    def get(self, request: ConsoleRequest, invoice_id: UUID) -> HttpResponse:
        """Return the page with what is left of each line."""
        invoice = self._invoice(invoice_id)
        return self._page(request, invoice, self._form(invoice))

    def post(self, request: ConsoleRequest, invoice_id: UUID) -> HttpResponse:
        """Issue the credit note, or say what is wrong."""
        invoice = self._invoice(invoice_id)
        form = self._form(invoice, request.POST)
        if not form.is_valid():
            return self._page(request, invoice, form)
        try:
            notes = self._credited(invoice, form, request)
        except TooMuchCredited as most:
            field = f"line_{most.position}"
            form.add_error(
                field if field in form.fields else None, _("That is more than is left of this line.")
            )
        except DeductedElsewhere as where:
            text = _(
                "This down payment is deducted in %(number)s: credit lines there, or the whole order; what "
                "was paid for it goes back with them."
            )
            form.add_error(None, text % {"number": where.number})
        except NothingCredited:
            form.add_error(None, _("Say how much of which line goes back."))
        except NotAnInvoice as lack:
            form.add_error(None, refusal_words(lack.missing, lack.broken))
        else:
            numbers = ", ".join(note.number for note in notes)
            told = ngettext(
                "%(number)s is issued and leaves by e-mail.",
                "%(number)s are issued and leave by e-mail.",
                len(notes),
            )
            return done(request, told % {"number": numbers}, "billing:invoice", notes[0].pk)
        return self._page(request, invoice, form)

    def _credited(self, invoice: Invoice, form: CreditForm, request: ConsoleRequest) -> list[Invoice]:
        told: dict[str, Any] = {"by": request.person, "now": timezone.now(), "today": request.today}
        told["reason"] = form.cleaned_data["reason"]
        told["credited_from"] = request.today if form.cleaned_data["since"] == "today" else None
        what: str | Mapping[int, int] = form.amounts
        if "order" in request.POST:
            what = WHOLE_ORDER
        elif "whole" in request.POST:
            what = WHOLE_INVOICE
        return credit_by_hand(corrects=invoice, what=what, stays=form.stays, **told)

    def _form(self, invoice: Invoice, *data: Any) -> CreditForm:
        return CreditForm(creditable(invoice), *data, here=ask("things_here", invoice))

    def _invoice(self, invoice_id: UUID) -> Invoice:
        return get_object_or_404(Invoice.objects.invoices().select_related("customer"), pk=invoice_id)

    def _page(self, request: ConsoleRequest, invoice: Invoice, form: CreditForm) -> HttpResponse:
        down_payments = [
            each for each in down_payments_of_order(invoice) if any(dict(left_of(each)).values())
        ]
        context = {
            "invoice": invoice,
            "customer": invoice.customer,
            "form": form,
            "down_payments": down_payments,
        }
        return render(
            request, "billing/invoicing/console/credit.html", context, status=422 if form.errors else 200
        )


class NoteAnswer(View):
    """Keep what the platform said of a document."""

    permission = "invoices.write"

    def post(self, request: ConsoleRequest, invoice_id: UUID) -> HttpResponse:
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

    permission = "invoices.write"

    def post(self, request: ConsoleRequest, invoice_id: UUID) -> HttpResponse:
        """Promise to send it."""
        invoice = get_object_or_404(Invoice, pk=invoice_id, dispatch__isnull=False)
        try:
            send_again(invoice_id=invoice.pk, by=request.person, now=timezone.now())
        except WrongMove:
            return problem(
                request, _("Only a refused document is sent again."), "billing:invoice", invoice.pk
            )
        return done(request, _("It leaves within a minute."), "billing:invoice", invoice.pk)


class Answers(View):
    """What platforms said that could not be followed."""

    permission = "invoices.write"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Return the list."""
        return render(
            request, "billing/invoicing/console/answers.html", {"answers": open_answers(now=timezone.now())}
        )


class ProFormaPage(View):
    """A pro forma as it was issued, and whether the client contests it."""

    permission = "quotes.write"

    def get(self, request: ConsoleRequest, pro_forma_id: UUID) -> HttpResponse:
        """Return the page."""
        return self.page(request, self.found(pro_forma_id), ReasonForm(prefix="dispute"))

    def found(self, pro_forma_id: UUID) -> ProForma:
        """Return the pro forma, or answer that there is none."""
        return get_object_or_404(
            ProForma.objects.select_related("version__quote", "customer"), pk=pro_forma_id
        )

    def page(self, request: ConsoleRequest, made: ProForma, form: ReasonForm) -> HttpResponse:
        """Return the page with this form."""
        context = pro_forma_document(made) | {
            "customer": made.customer,
            "entries": history(on=made.pk),
            "dispute_form": form,
            "open_dispute": made.disputes.active().first(),
        }
        return render(
            request, "billing/invoicing/console/pro_forma.html", context, status=422 if form.errors else 200
        )


class ProFormaPdf(View):
    """A pro forma on paper."""

    permission = "quotes.write"

    def get(self, request: ConsoleRequest, pro_forma_id: UUID) -> HttpResponse:
        """Return the PDF."""
        made = get_object_or_404(ProForma.objects.select_related("version__quote"), pk=pro_forma_id)
        return pdf(pro_forma_pdf(made), made.number)


class Reports(ListView[ConsumerReport]):
    """The reports of sales that no platform carries."""

    permission = "invoices.write"
    template_name = "billing/invoicing/console/reports.html"
    context_object_name = "reports"
    paginate_by = 50
    queryset = ConsumerReport.objects.defer("content")


class ReportFile(View):
    """One report, as the administration reads it."""

    permission = "invoices.write"

    def get(self, request: ConsoleRequest, report_id: UUID) -> HttpResponse:
        """Return the file."""
        made = get_object_or_404(ConsumerReport, pk=report_id)
        return download(bytes(made.content), f"ventes-{made.starts_on}.csv", "text/csv; charset=utf-8")
