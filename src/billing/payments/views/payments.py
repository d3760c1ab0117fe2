"""Finance's pages about payments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import View

from agenda.queries import is_written
from audit.queries import history
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import uncovered_cents
from billing.money.forms.fields import DayForm, written
from billing.money.labels import amount_cell, method_name
from billing.money.policy.closed import PeriodClosed
from billing.money.views.answers import closed_text, done, problem
from billing.money.views.lists import ListPage
from billing.payments.actions.check_receipt import receipt_objections
from billing.payments.actions.clear_payment import ClearedTooEarly, NotInHand, clear_payment
from billing.payments.actions.receive_cheque import NothingToPay, NotInEuros, TooMuch, receive_cheque
from billing.payments.actions.record_transfer import record_transfer
from billing.payments.actions.reverse_payment import (
    AlreadyReversed,
    ReversedTooEarly,
    bounced_key,
    reverse_payment,
)
from billing.payments.forms.money import BounceForm, ReceiveForm
from billing.payments.labels import PAYMENT_STATES
from billing.payments.models import Payment
from billing.payments.queries.money import unallocated_of, with_unallocated
from billing.payments.views.surplus import surplus_words
from billing.registry import ask
from contracts.templatetags.ui import money_text
from people.requests import ConsoleRequest

STATES = [
    ("in_hand", gettext_lazy("to be credited")),
    ("credited", gettext_lazy("credited")),
    ("bounced", pgettext_lazy("payments", "refused")),
    ("credit", gettext_lazy("with money left")),
    ("missing", gettext_lazy("funds never came")),
]


class PaymentList(ListPage[Any]):
    """All payments."""

    permission = "payments.write"
    template_name = "billing/payments/console/payments.html"
    searched = (
        "customer__name",
        "reference",
        "allocations__invoice__number",
        "claim_allocations__claim__number",
    )
    sorts = {
        "received": "received_on",
        "customer": "customer__name",
        "amount": "amount_cents",
        "credited": "credited_on",
    }
    first_sort = "-received"
    csv_name = "paiements"

    def rows(self) -> QuerySet[Any]:
        """Return the payments."""
        rows = Payment.objects.select_related("customer").prefetch_related(
            "allocations__invoice", "claim_allocations__claim"
        )
        return with_unallocated(rows).distinct()

    def filtered(self, rows: QuerySet[Any], state: str) -> QuerySet[Any]:
        """Return the payments in a state."""
        if state == "in_hand":
            return rows.filter(credited_on=None, bounced_on=None)
        if state == "bounced":
            return rows.filter(bounced_on__isnull=False)
        if state == "missing":
            return rows.filter(funds_missing_since__isnull=False, bounced_on=None)
        if state == "credit":
            return rows.filter(free_cents__gt=0, bounced_on=None).exclude(credited_on=None, proof_on=None)
        return rows.filter(credited_on__isnull=False, bounced_on=None)

    def states(self) -> list[tuple[str, Any]]:
        """Return the states of payments."""
        return STATES

    def header(self) -> list[Any]:
        """Return the header of the CSV."""
        return [
            _("Received on"),
            _("Customer"),
            _("Method"),
            _("Reference"),
            _("For"),
            _("Amount"),
            _("Currency"),
            _("Credited on"),
            _("State"),
        ]

    def line(self, row: Any) -> Iterable[Any]:
        """Return a payment's cells."""
        method = method_name(row.method)
        state = str(PAYMENT_STATES[row.state][0])
        amount = [amount_cell(row.amount_cents), row.currency]
        first = [row.received_on, row.customer.name, method, row.reference, " ".join(_numbers(row))]
        return [*first, *amount, row.credited_on, state]


def _numbers(payment: Payment) -> list[str]:
    """Return the numbers of the invoices and the claims a payment pays."""
    invoices = [row.invoice.number for row in payment.allocations.all() if not row.released_at]
    claims = [row.claim.number for row in payment.claim_allocations.all() if not row.released_at]
    return invoices + claims


class ReceivePayment(View):
    """Write down a payment that came in."""

    permission = "payments.write"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Return the form, filled in for the invoice that was clicked on or chosen; an amount that was typed
        stays.
        """
        initial: dict[str, Any] = {"received_on": request.today}
        invoice = _asked_for(request.GET.get("invoice", ""))
        if invoice is not None:
            owed = written(uncovered_cents(invoice))
            typed = request.GET.get("amount", "")
            was_proposed = not typed or typed == request.GET.get("proposed")
            method = "cheque" if invoice.method == "cheque" else "transfer"
            initial |= {"invoice": invoice.pk, "method": method, "proposed": owed}
            initial["amount"] = owed if was_proposed else typed
        return self._page(request, ReceiveForm(today=request.today, initial=initial))

    def post(self, request: ConsoleRequest) -> HttpResponse:
        """Keep the payment, or say what is wrong."""
        form = ReceiveForm(request.POST, today=request.today)
        _judge(form)
        if not form.is_valid():
            return self._page(request, form)
        try:
            payment = _received(request, form.cleaned_data)
        except REFUSED as refused:  # somebody else was quicker
            form.add_error(*_why(refused, form.cleaned_data))
            return self._page(request, form)
        text = _("Kept. What it pays in full is settled.")
        if payment.state == "received":
            text = _("Received. Credit it when the bank has.")
        return done(request, " ".join([text, *surplus_words(payment)]), "billing:payment", payment.pk)

    def _page(self, request: ConsoleRequest, form: ReceiveForm) -> HttpResponse:
        return render(
            request,
            "billing/payments/console/receive.html",
            {"form": form, "claims": ask("claim_candidates")},
            status=422 if form.errors else 200,
        )


def _asked_for(text: str) -> Invoice | None:
    """Return the invoice of a number, or of a key as the form sends it."""
    try:
        return Invoice.objects.filter(pk=UUID(text)).first()
    except ValueError:
        return Invoice.objects.filter(number=text).first()


REFUSED = (NothingToPay, NotInEuros, TooMuch, PeriodClosed)


def _judge(form: ReceiveForm) -> None:
    """Say all that is wrong with a payment at once; a field that is wrong by itself says that first."""
    form.is_valid()
    data = form.cleaned_data
    refused = receipt_objections(
        invoice=data.get("invoice"),
        method=data.get("method", ""),
        amount_cents=data.get("amount"),
        keep_surplus=data.get("keep_surplus", False),
        days=(data.get("received_on"), data.get("credited_on")),
    )
    for field, words in [_why(error, data) for error in refused]:
        if field not in form.errors:
            form.add_error(field, words)


def _why(refused: Exception, data: dict[str, Any]) -> tuple[str, str]:
    """Return the field that mends what is said against a payment, and what to do."""
    if isinstance(refused, NotInEuros):
        text = _("A cheque is in euros only, and this invoice is in %(currency)s: it is paid another way.")
        return "method", text % {"currency": refused.currency}
    if isinstance(refused, TooMuch):
        text = _("Only %(amount)s is left to pay on this invoice: tick below to keep the rest as credit.")
        return "amount", text % {"amount": money_text(refused.owed_cents, data["invoice"].currency)}
    if isinstance(refused, PeriodClosed):
        is_credit = refused.day == data.get("credited_on") != data.get("received_on")
        return "credited_on" if is_credit else "received_on", closed_text(refused)
    return "invoice", _(
        "Nothing is left to pay on it, or a payment for all of it is waiting: tick below to keep it "
        "as credit."
    )


def _received(request: ConsoleRequest, data: dict[str, Any]) -> Payment:
    details = {
        "invoice": data["invoice"],
        "amount_cents": data["amount"],
        "received_on": data["received_on"],
        "reference": data["reference"],
        "by": request.person,
        "now": timezone.now(),
        "keep_surplus": data["keep_surplus"],
    }
    if data["method"] == "cheque":
        return receive_cheque(**details)
    proof = {"credited_on": data["credited_on"], "proof_document": data["proof_document"]}
    return record_transfer(today=request.today, **proof, **details)


class PaymentPage(View):
    """One payment: what it pays, and its next step."""

    permission = "payments.write"

    def get(self, request: ConsoleRequest, payment_id: UUID) -> HttpResponse:
        """Return the page."""
        return page(request, found(payment_id))


def found(payment_id: UUID) -> Payment:
    """Return a payment, or answer that there is none."""
    return get_object_or_404(Payment.objects.select_related("customer"), pk=payment_id)


def page(request: ConsoleRequest, payment: Payment, **forms_in_use: forms.Form) -> HttpResponse:
    """Return a payment's page, with the forms that were filled in wrong."""
    context = {
        "payment": payment,
        "customer": payment.customer,
        "allocations": payment.allocations.select_related("invoice"),
        "claim_allocations": payment.claim_allocations.select_related("claim"),
        "refunds": payment.refunds.all(),
        "undue_cents": sum(refund.amount_cents for refund in payment.refunds.undue()),
        "free_cents": 0 if payment.bounced_on else unallocated_of(payment),
        "credit_form": DayForm(today=request.today, prefix="credit"),
        "bounce_form": BounceForm(today=request.today, prefix="bounce"),
        "today": request.today,
        "entries": history(on=payment.pk),
    }
    wrong = any(form.errors for form in forms_in_use.values())
    return render(
        request, "billing/payments/console/payment.html", context | forms_in_use, status=422 if wrong else 200
    )


class CreditPayment(View):
    """Say that the funds are there."""

    permission = "payments.write"

    def get(self, request: ConsoleRequest, payment_id: UUID) -> HttpResponse:
        """Return the payment, where the act is."""
        return page(request, found(payment_id))

    def post(self, request: ConsoleRequest, payment_id: UUID) -> HttpResponse:
        """Credit it, or say what is wrong."""
        payment = found(payment_id)
        form = DayForm(request.POST, today=request.today, prefix="credit")
        if not form.is_valid():
            return page(request, payment, credit_form=form)
        details = {"credited_on": form.cleaned_data["on"], "by": request.person, "now": timezone.now()}
        try:
            clear_payment(payment_id=payment.pk, today=request.today, **details)
        except NotInHand:
            return problem(request, _("It was credited or refused already."), "billing:payment", payment.pk)
        except ClearedTooEarly:
            form.add_error("on", _("It can’t be credited before it was received."))
            return page(request, payment, credit_form=form)
        except PeriodClosed as closed:
            form.add_error("on", closed_text(closed))
            return page(request, payment, credit_form=form)
        text = _("Credited. Where an order is now paid in full, its school opens by itself.")
        return done(request, text, "billing:payment", payment.pk)


class BouncePayment(View):
    """Say that the bank refused it."""

    permission = "payments.write"

    def get(self, request: ConsoleRequest, payment_id: UUID) -> HttpResponse:
        """Return the payment, where the act is."""
        return page(request, found(payment_id))

    def post(self, request: ConsoleRequest, payment_id: UUID) -> HttpResponse:
        """Take it back, or say what is wrong."""
        payment = found(payment_id)
        form = BounceForm(request.POST, today=request.today, prefix="bounce")
        if not form.is_valid():
            return page(request, payment, bounce_form=form)
        data = form.cleaned_data
        details = {
            "bounced_on": data["on"],
            "reason": data["reason"],
            "by": request.person,
            "now": timezone.now(),
        }
        try:
            reverse_payment(payment_id=payment.pk, **details)
        except AlreadyReversed:
            return problem(request, _("This was noted before."), "billing:payment", payment.pk)
        except ReversedTooEarly:
            form.add_error("on", _("The bank can’t refuse it before it was received."))
            return page(request, payment, bounce_form=form)
        except PeriodClosed as closed:
            form.add_error("on", closed_text(closed))
            return page(request, payment, bounce_form=form)
        text = _("Noted. It pays nothing any more, and the buyer is told.")
        if not is_written(bounced_key(payment.pk)):
            text = _(
                "Noted. It pays nothing any more. The customer has nobody to write to: tell them yourself."
            )
        return done(request, text, "billing:payment", payment.pk)
