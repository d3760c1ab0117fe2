"""Finance's pages about invoices, and what can happen to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from audit.queries import history
from billing.actions.dispute import DisputeStands, NoDispute, close_dispute, open_dispute
from billing.actions.draw_document import invoice_pdf
from billing.actions.grant_deferral import NoDocument, NotLater, grant_deferral
from billing.forms.documents import AnswerForm
from billing.forms.money import DeferralForm, ReasonForm
from billing.models import Allocation, Invoice
from billing.queries.balances import with_balance
from billing.queries.documents import invoice_document, way_of
from billing.views.answers import done, pdf, problem
from billing.views.lists import ListPage

STATES = [
    ("open", gettext_lazy("to pay")),
    ("late", gettext_lazy("overdue")),
    ("paid", gettext_lazy("paid")),
    ("disputed", gettext_lazy("disputed")),
    ("credit_note", gettext_lazy("credit notes")),
]


class InvoiceList(ListPage):
    """All invoices and credit notes."""

    right = "invoices.write"
    template_name = "billing/console/invoices.html"
    searched = ("number", "customer__name", "reference")
    sorts = {
        "number": "number",
        "customer": "customer__name",
        "issued": "issued_on",
        "due": "falls_due_on",
        "total": "gross_cents",
        "balance": "balance_cents",
    }
    first_sort = "-number"
    csv_name = "factures"

    def rows(self) -> QuerySet[Any]:
        """Return the documents with their balances."""
        return with_balance(Invoice.objects.select_related("customer"))

    def filtered(self, rows: QuerySet[Any], state: str) -> QuerySet[Any]:
        """Return the documents in a state; states are counted, never stored."""
        if state == "credit_note":
            return rows.filter(kind=Invoice.Kind.CREDIT_NOTE)
        if state == "disputed":
            return rows.filter(disputes__closed_at=None, disputes__isnull=False)
        rows = rows.filter(kind=Invoice.Kind.INVOICE)
        if state == "paid":
            return rows.filter(balance_cents__lte=0)
        rows = rows.filter(balance_cents__gt=0)
        return rows.filter(falls_due_on__lt=self.request.today) if state == "late" else rows

    def states(self) -> list[tuple[str, Any]]:
        """Return the states of invoices."""
        return STATES

    def header(self) -> list[Any]:
        """Return the header of the CSV."""
        return [
            _("Number"),
            _("Customer"),
            _("Issued on"),
            _("Due on"),
            _("Net"),
            _("VAT"),
            _("Total"),
            _("Left to pay"),
            _("Currency"),
        ]

    def line(self, row: Any) -> Iterable[Any]:
        """Return an invoice's cells."""
        sign = -1 if row.is_credit_note else 1
        left = 0 if row.is_credit_note else row.balance_cents
        cents = (
            f"{sign * value / 100:.2f}" for value in (row.net_cents, row.vat_cents, row.gross_cents, left)
        )
        return [row.number, row.customer.name, row.issued_on, row.falls_due_on, *cents, row.currency]


def found(invoice_id: UUID) -> Any:
    """Return an invoice with its balance, or answer that there is none."""
    rows = with_balance(Invoice.objects.select_related("customer", "order", "corrects"))
    return get_object_or_404(rows, pk=invoice_id)


class InvoicePage(View):
    """One invoice: what it says, what was paid of it, and what may happen next."""

    right = "invoices.write"

    def get(self, request: Any, invoice_id: UUID) -> HttpResponse:
        """Return the page."""
        return page(request, found(invoice_id))


def page(request: Any, invoice: Any, **forms_in_use: forms.Form) -> HttpResponse:
    """Return an invoice's page, with the forms that were filled in wrong."""
    allocations = Allocation.objects.filter(invoice=invoice).select_related("payment", "credit_note")
    context = invoice_document(invoice) | {
        "customer": invoice.customer,
        "allocations": allocations,
        "disputes": invoice.disputes.all(),
        "open_dispute": invoice.disputes.filter(closed_at=None).first(),
        "deferrals": invoice.deferrals.all(),
        "claims": invoice.late_statements.all(),
        "today": request.today,
        "entries": history(on=invoice.pk),
        "way": way_of(invoice),
        "answer_form": AnswerForm(),
        "deferral_form": DeferralForm(),
        "dispute_form": ReasonForm(prefix="dispute"),
    }
    wrong = any(form.errors for form in forms_in_use.values())
    return render(
        request, "billing/console/invoice.html", context | forms_in_use, status=422 if wrong else 200
    )


class InvoicePdf(View):
    """An invoice on paper."""

    right = "invoices.write"

    def get(self, request: Any, invoice_id: UUID) -> HttpResponse:
        """Return the PDF."""
        invoice = found(invoice_id)
        return pdf(invoice_pdf(invoice), invoice.number)


class _InvoiceAct(View):
    """An act on one invoice with a small form."""

    right = "invoices.write"
    form_name: ClassVar[str]

    def get(self, request: Any, invoice_id: UUID) -> HttpResponse:
        """Return the invoice, where the act is."""
        return page(request, found(invoice_id))


class Defer(_InvoiceAct):
    """Grant more time, in writing."""

    def post(self, request: Any, invoice_id: UUID) -> HttpResponse:
        """Grant it, or say what is wrong."""
        invoice = found(invoice_id)
        form = DeferralForm(request.POST)
        if not form.is_valid():
            return page(request, invoice, deferral_form=form)
        try:
            grant_deferral(
                invoice=invoice,
                by=request.person,
                now=timezone.now(),
                today=request.today,
                **form.cleaned_data,
            )
        except NotLater:
            form.add_error("new_due_on", _("Choose a day after the one on which it is due now."))
            return page(request, invoice, deferral_form=form)
        except NoDocument:
            form.add_error("document", _("Name the written agreement."))
            return page(request, invoice, deferral_form=form)
        return done(
            request,
            _("The due date is moved; nothing opens before the funds all the same."),
            "billing:invoice",
            invoice.pk,
        )


class OpenDispute(_InvoiceAct):
    """Keep that the client contests an invoice."""

    def post(self, request: Any, invoice_id: UUID) -> HttpResponse:
        """Keep it, or say what is wrong."""
        invoice = found(invoice_id)
        form = ReasonForm(request.POST, prefix="dispute")
        if not form.is_valid():
            return page(request, invoice, dispute_form=form)
        try:
            open_dispute(
                about=invoice, reason=form.cleaned_data["reason"], by=request.person, now=timezone.now()
            )
        except DisputeStands:
            return problem(request, _("It is contested already."), "billing:invoice", invoice.pk)
        text = _("Kept. While it lasts no new order is taken from this client.")
        return done(request, text, "billing:invoice", invoice.pk)


class CloseDispute(_InvoiceAct):
    """Keep how a dispute ended."""

    def post(self, request: Any, invoice_id: UUID) -> HttpResponse:
        """Close it."""
        invoice = found(invoice_id)
        form = ReasonForm(request.POST, prefix="dispute")
        if not form.is_valid():
            return page(request, invoice, dispute_form=form)
        try:
            close_dispute(
                about=invoice, outcome=form.cleaned_data["reason"], by=request.person, now=timezone.now()
            )
        except NoDispute:
            return problem(request, _("Nothing is contested here."), "billing:invoice", invoice.pk)
        return done(request, _("The dispute is closed."), "billing:invoice", invoice.pk)
