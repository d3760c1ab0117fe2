"""An invoice in the console: what is late, contested, put off."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from audit.queries import history
from billing.collections.actions.dispute import DisputeStands, NoDispute, close_dispute, open_dispute
from billing.collections.actions.grant_extension import NoDocument, NotLater, grant_extension
from billing.collections.forms.late import ExtensionForm
from billing.customers.queries.sent import sent_about
from billing.invoicing.forms.documents import AnswerForm
from billing.invoicing.models import Allocation
from billing.invoicing.queries.credits import notes_owed
from billing.invoicing.queries.documents import invoice_document, transmission_of
from billing.invoicing.views.invoices import found
from billing.money.forms.fields import ReasonForm
from billing.money.views.answers import done, problem
from people.requests import ConsoleRequest


class InvoicePage(View):
    """One invoice: what it says, what was paid of it, and what may happen next."""

    permission = "invoices.write"

    def get(self, request: ConsoleRequest, invoice_id: UUID) -> HttpResponse:
        """Return the page."""
        return page(request, found(invoice_id))


def page(request: ConsoleRequest, invoice: Any, **forms_in_use: forms.Form) -> HttpResponse:
    """Return an invoice's page, with the forms that were filled in wrong."""
    allocations = Allocation.objects.filter(invoice=invoice).select_related("payment", "credit_note")
    context = invoice_document(invoice) | {
        "customer": invoice.customer,
        "allocations": allocations,
        "disputes": invoice.disputes.all(),
        "open_dispute": invoice.disputes.filter(closed_at=None).first(),
        "deferrals": invoice.deferrals.all(),
        "owed_cents": sum(notes_owed().filter(pk=invoice.pk).values_list("owed_cents", flat=True)),
        "claims": invoice.late_statements.all(),
        "write_offs": invoice.write_offs.all(),
        "today": request.today,
        "sent": sent_about(invoice.pk),
        "entries": history(on=invoice.pk),
        "way": transmission_of(invoice),
        "answer_form": AnswerForm(),
        "deferral_form": ExtensionForm(),
        "dispute_form": ReasonForm(prefix="dispute"),
    }
    wrong = any(form.errors for form in forms_in_use.values())
    return render(
        request,
        "billing/collections/console/invoice.html",
        context | forms_in_use,
        status=422 if wrong else 200,
    )


class _InvoiceAct(View):
    """An act on one invoice with a small form."""

    permission = "invoices.write"
    form_name: ClassVar[str]

    def get(self, request: ConsoleRequest, invoice_id: UUID) -> HttpResponse:
        """Return the invoice, where the act is."""
        return page(request, found(invoice_id))


class ExtendDueDate(_InvoiceAct):
    """Grant more time, in writing."""

    def post(self, request: ConsoleRequest, invoice_id: UUID) -> HttpResponse:
        """Grant it, or say what is wrong."""
        invoice = found(invoice_id)
        form = ExtensionForm(request.POST)
        if not form.is_valid():
            return page(request, invoice, deferral_form=form)
        try:
            grant_extension(
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

    def post(self, request: ConsoleRequest, invoice_id: UUID) -> HttpResponse:
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

    def post(self, request: ConsoleRequest, invoice_id: UUID) -> HttpResponse:
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
