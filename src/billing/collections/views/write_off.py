"""Finance's page on which a receivable is given up, once what will be booked was shown."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from billing.collections.actions.write_off import (
    AlreadyUndone,
    LossTerms,
    Receivable,
    about_of,
    undo_write_off,
    write_off_receivable,
)
from billing.collections.forms.write_off import WriteOffForm
from billing.collections.models import InterestClaim
from billing.collections.policy.write_off import BadLossDay, NotALoss, NotARest, loss_objections
from billing.collections.queries.write_offs import rest_of, settled_until
from billing.invoicing.models import Invoice, WriteOff
from billing.money.actions.check_period_open import check_period_open
from billing.money.forms.fields import ReasonForm
from billing.money.policy.closed import PeriodClosed
from billing.money.views.answers import closed_text, done, problem
from billing.registry import ask
from contracts.labels import day_text
from contracts.templatetags.ui import money_text
from people.requests import ConsoleRequest


class _WriteOffPage(View):
    """Give up what is left of a receivable."""

    permission = "invoices.write"
    back: ClassVar[str]

    def about(self, key: UUID) -> Receivable:
        """Return what it is about."""
        raise NotImplementedError

    def answer(self, request: ConsoleRequest, about: Receivable) -> HttpResponse:
        """Write it off once confirmed; before that show what will be booked, or say what is wrong."""
        form = self._form(request, about, request.POST)
        _judge(form, about, request.today)
        if not form.is_valid():
            return self._page(request, about, form)
        data = form.cleaned_data
        on, cents = data["on"], data["amount"]
        is_final = bool(data.get("is_final"))
        if "confirm" not in request.POST:
            shown = ask("loss_entry", about, cents=cents, on=on, is_final=is_final)
            return self._page(request, about, form, shown)
        terms = LossTerms(data["reason"], data["words"], is_final)
        details: dict[str, Any] = {"by": request.person, "now": timezone.now(), "today": request.today}
        write_off_receivable(about, cents=cents, on=on, terms=terms, **details)
        text = _("%(number)s: %(amount)s written off.")
        told = {"number": about.number, "amount": money_text(cents, about.currency)}
        return done(request, text % told, self.back, about.pk)

    def form_page(self, request: ConsoleRequest, about: Receivable) -> HttpResponse:
        """Return the page with a fresh form."""
        return self._page(request, about, self._form(request, about))

    def _form(self, request: ConsoleRequest, about: Receivable, data: Any = None) -> WriteOffForm:
        has_vat = isinstance(about, Invoice) and bool(about.vat_cents)
        return WriteOffForm(data, today=request.today, rest_cents=max(0, rest_of(about)), has_vat=has_vat)

    def _page(
        self, request: ConsoleRequest, about: Receivable, form: WriteOffForm, shown: Any = None
    ) -> HttpResponse:
        invoice = about if isinstance(about, Invoice) else about.invoice
        context = {
            "about": about,
            "invoice": invoice,
            "customer": invoice.customer,
            "form": form,
            "shown": shown,
            "back": self.back,
            "rest_cents": rest_of(about),
        }
        status = 422 if form.errors else 200
        return render(request, "billing/collections/console/write_off.html", context, status=status)


def _judge(form: WriteOffForm, about: Receivable, today: date) -> None:
    """Say what forbids to give up what the form says, beside what is wrong with its fields."""
    form.is_valid()
    data = form.cleaned_data
    first = settled_until(about)
    cents, on = data.get("amount") or 0, data.get("on") or first or today
    for lack in loss_objections(cents, on, rest_cents=rest_of(about), settled_until=first, today=today):
        field, words = _why(lack, about.currency)
        if field not in form.errors:
            form.add_error(field, words)
    try:
        check_period_open(data.get("on"))
    except PeriodClosed as closed:
        if "on" not in form.errors:
            form.add_error("on", closed_text(closed))


def _why(lack: Exception, currency: str) -> tuple[str | None, str]:
    if isinstance(lack, NotALoss):
        return None, _("Its sale was never invoiced: make a credit note of this down payment.")
    if isinstance(lack, BadLossDay):
        return "on", _("Choose a day from %(day)s to today.") % {"day": day_text(lack.first)}
    assert isinstance(lack, NotARest)
    return "amount", _("%(left)s is left to pay.") % {"left": money_text(max(0, lack.rest_cents), currency)}


class WriteOffInvoice(_WriteOffPage):
    """Give up what is left of an invoice."""

    back = "billing:invoice"

    def get(self, request: ConsoleRequest, invoice_id: UUID) -> HttpResponse:
        """Return the form."""
        return self.form_page(request, self.about(invoice_id))

    def post(self, request: ConsoleRequest, invoice_id: UUID) -> HttpResponse:
        """Show what will be booked, then book it."""
        return self.answer(request, self.about(invoice_id))

    def about(self, key: UUID) -> Receivable:
        """Return the invoice."""
        return get_object_or_404(Invoice.objects.invoices().select_related("customer"), pk=key)


class WriteOffClaim(_WriteOffPage):
    """Give up what is left of a claim for late interest."""

    back = "billing:interest_claim"

    def get(self, request: ConsoleRequest, claim_id: UUID) -> HttpResponse:
        """Return the form."""
        return self.form_page(request, self.about(claim_id))

    def post(self, request: ConsoleRequest, claim_id: UUID) -> HttpResponse:
        """Show what will be booked, then book it."""
        return self.answer(request, self.about(claim_id))

    def about(self, key: UUID) -> Receivable:
        """Return the claim."""
        return get_object_or_404(InterestClaim.objects.select_related("invoice__customer"), pk=key)


class UndoWriteOff(View):
    """Reverse a write-off that was a mistake."""

    permission = "invoices.write"

    def post(self, request: ConsoleRequest, write_off_id: UUID) -> HttpResponse:
        """Reverse it, or say why not."""
        row = get_object_or_404(WriteOff.objects.select_related("invoice", "claim"), pk=write_off_id)
        about = about_of(row)
        back = "billing:invoice" if row.invoice_id else "billing:interest_claim"
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return problem(request, _("Say why it was a mistake."), back, about.pk)
        details: dict[str, Any] = {"by": request.person, "now": timezone.now(), "today": request.today}
        try:
            undo_write_off(row.pk, reason=form.cleaned_data["reason"], **details)
        except AlreadyUndone:
            return problem(request, _("It was undone already."), back, about.pk)
        return done(request, _("The write-off is reversed: the amount is due again."), back, about.pk)
