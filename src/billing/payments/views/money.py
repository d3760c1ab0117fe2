"""Money by hand: give it to invoices, take it away, give it back; and a client's account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from billing.customers.requests import PortalRequest
from billing.customers.views.sign_in import PortalView
from billing.invoicing.models import Allocation, Invoice
from billing.invoicing.queries.balances import open_invoices, uncovered_cents
from billing.invoicing.queries.credits import notes_owed
from billing.money.policy.money import BadAmount, parse_amount
from billing.money.views.answers import done, pdf, problem
from billing.payments.actions.allocate_payment import (
    NotAllocated,
    NotAsked,
    NotEnoughUnallocated,
    allocate_payment,
    release_allocation,
)
from billing.payments.actions.refund_credit_note import refund_credit_note
from billing.payments.actions.refund_payment import (
    NothingUnallocated,
    NotToBeMade,
    note_refund_returned,
    note_refund_sent,
    refund_payment,
)
from billing.payments.actions.render_account_statement import account_pdf
from billing.payments.forms.bank import AccountDayForm, RefundForm, ReleaseForm
from billing.payments.models import Payment, Refund
from billing.payments.queries.account_statement import account_statement_of, currencies_of
from billing.payments.queries.money import credits_of, unallocated_of
from billing.registry import ask
from contracts.templatetags.ui import money_text
from people.requests import ConsoleRequest, VisitorRequest
from tenants.models import Customer


class Allocate(View):
    """Give what a payment has left to invoices of its client."""

    permission = "payments.write"

    def get(self, request: ConsoleRequest, payment_id: UUID) -> HttpResponse:
        """Return the client's open invoices, each with a field."""
        return self._page(request, _payment(payment_id))

    def post(self, request: ConsoleRequest, payment_id: UUID) -> HttpResponse:
        """Give it, or say what is wrong."""
        payment = _payment(payment_id)
        shares, wrong = _shares(request, "give-")
        claims, wrong_claims = _shares(request, "claim-")
        wrong |= wrong_claims
        if wrong or not (shares or claims):
            return self._page(
                request, payment, wrong, _("Nothing was given.") if not wrong else "", status=422
            )
        try:
            allocate_payment(
                payment_id=payment.pk,
                shares=shares,
                claims=claims,
                by=request.person,
                now=timezone.now(),
                today=request.today,
            )
        except NotEnoughUnallocated as less:
            left = money_text(less.free_cents, payment.currency)
            text = _("Only %(amount)s is left of this payment.") % {"amount": left}
            return self._page(request, payment, {}, text, status=422)
        except NotAsked as less:
            details = {"number": less.number, "amount": money_text(less.asked_cents, payment.currency)}
            text = _("%(number)s asks no more than %(amount)s.") % details
            return self._page(request, payment, {}, text, status=422)
        return done(request, _("Given. What is paid in full is settled."), "billing:payment", payment.pk)

    def _page(
        self,
        request: ConsoleRequest,
        payment: Payment,
        wrong: dict[str, str] | None = None,
        problem_text: str = "",
        status: int = 200,
    ) -> HttpResponse:
        rows = open_invoices().filter(customer_id=payment.customer_id, currency=payment.currency)
        asked = [
            (
                row,
                f"give-{row.pk}",
                uncovered_cents(row),
                request.POST.get(f"give-{row.pk}", ""),
                (wrong or {}).get(f"give-{row.pk}", ""),
            )
            for row in rows.order_by("falls_due_on")
        ]
        asked_by_claims = [
            (
                claim,
                f"claim-{claim.key}",
                request.POST.get(f"claim-{claim.key}", ""),
                (wrong or {}).get(f"claim-{claim.key}", ""),
            )
            for claim in ask("claim_candidates")
            if (claim.customer, claim.currency) == (str(payment.customer_id), payment.currency)
            and payment.has_arrived
        ]
        context = {
            "payment": payment,
            "customer": payment.customer,
            "free_cents": unallocated_of(payment),
            "asked": [each for each in asked if each[2] > 0],
            "asked_by_claims": asked_by_claims,
            "problem_text": problem_text,
            "today": request.today,
        }
        return render(request, "billing/payments/console/allocate.html", context, status=status)


def _shares(request: ConsoleRequest, start: str) -> tuple[list[tuple[UUID, int]], dict[str, str]]:
    """Return what is given to what, by the fields whose name starts so, and what is wrong in which field."""
    shares = []
    wrong = {}
    for name in request.POST:
        text = request.POST[name]
        if not name.startswith(start) or not text.strip():
            continue
        try:
            key, cents = UUID(name.removeprefix(start)), parse_amount(text)
        except (BadAmount, ValueError):
            wrong[name] = _("Write an amount such as 1200.00.")
            continue
        if cents > 0:
            shares.append((key, cents))
        else:
            wrong[name] = _("Write an amount above zero.")
    return shares, wrong


class Release(View):
    """Take a share away from an invoice, with the reason."""

    permission = "payments.write"

    def get(self, request: ConsoleRequest, allocation_id: UUID) -> HttpResponse:
        """Return what will happen, and the field for the reason."""
        return self._page(request, _allocation(allocation_id), ReleaseForm())

    def post(self, request: ConsoleRequest, allocation_id: UUID) -> HttpResponse:
        """Take it away, or say what is wrong."""
        row = _allocation(allocation_id)
        form = ReleaseForm(request.POST)
        if not form.is_valid():
            return self._page(request, row, form)
        details = {"reason": form.cleaned_data["reason"], "by": request.person, "now": timezone.now()}
        try:
            release_allocation(allocation_id=row.pk, today=request.today, **details)
        except NotAllocated:
            return problem(request, _("It was taken away before."), "billing:payment", row.payment_id)
        return done(
            request, _("Taken away: it is the client’s credit now."), "billing:payment", row.payment_id
        )

    def _page(self, request: ConsoleRequest, row: Allocation, form: ReleaseForm) -> HttpResponse:
        assert row.payment is not None
        context = {"row": row, "payment": row.payment, "customer": row.payment.customer, "form": form}
        return render(
            request, "billing/payments/console/release.html", context, status=422 if form.errors else 200
        )


class RefundPayment(View):
    """Give money back."""

    permission = "payments.write"

    def get(self, request: ConsoleRequest, payment_id: UUID) -> HttpResponse:
        """Return the form, filled in with all that is free."""
        payment = _payment(payment_id)
        return self._page(request, payment, RefundForm(initial={"amount": unallocated_of(payment)}))

    def post(self, request: ConsoleRequest, payment_id: UUID) -> HttpResponse:
        """Promise it, or say what is wrong."""
        payment = _payment(payment_id)
        form = RefundForm(request.POST)
        if not form.is_valid():
            return self._page(request, payment, form)
        details = {"reason": form.cleaned_data["reason"], "by": request.person, "now": timezone.now()}
        try:
            refund_payment(
                payment_id=payment.pk,
                amount_cents=form.cleaned_data["amount"],
                today=request.today,
                **details,
            )
        except NothingUnallocated as less:
            text = _(
                "No more than %(amount)s can be given back: the rest pays invoices, or isn’t credited yet."
            )
            form.add_error("amount", text % {"amount": money_text(less.free_cents, payment.currency)})
            return self._page(request, payment, form)
        if payment.provider_id:
            return done(
                request, _("Asked: the provider gives it back by itself."), "billing:payment", payment.pk
            )
        return done(request, _("Kept. Send the transfer, then say so here."), "billing:payment", payment.pk)

    def _page(self, request: ConsoleRequest, payment: Payment, form: RefundForm) -> HttpResponse:
        context = {
            "payment": payment,
            "customer": payment.customer,
            "form": form,
            "free_cents": unallocated_of(payment),
        }
        return render(
            request, "billing/payments/console/refund.html", context, status=422 if form.errors else 200
        )


class RefundNote(View):
    """Give back what a credit note owes its client."""

    permission = "payments.write"

    def post(self, request: ConsoleRequest, invoice_id: UUID) -> HttpResponse:
        """Promise it out of what was paid, or say why not."""
        note = get_object_or_404(Invoice, pk=invoice_id, kind=Invoice.Kind.CREDIT_NOTE)
        made = refund_credit_note(
            note=note, reason=note.number, by=request.person, now=timezone.now(), today=request.today
        )
        if not made:
            text = _("Nothing credited pays its invoice: there is nothing to give back yet.")
            return problem(request, text, "billing:invoice", note.pk)
        by_itself = made[0].payment.provider_id is not None
        text = _("Kept. Send the transfer, then say so here.")
        if by_itself:
            text = _("Asked: the provider gives it back by itself.")
        return done(request, text, "billing:payment", made[0].payment_id)


class RefundSent(View):
    """Say that a refund was sent by transfer."""

    permission = "payments.write"

    def post(self, request: ConsoleRequest, refund_id: UUID) -> HttpResponse:
        """Keep it, or say why not."""
        refund = get_object_or_404(Refund, pk=refund_id)
        try:
            note_refund_sent(
                refund_id=refund.pk, sent_on=request.today, by=request.person, now=timezone.now()
            )
        except NotToBeMade:
            return problem(request, _("It was made or failed already."), "billing:payment", refund.payment_id)
        return done(request, _("Kept."), "billing:payment", refund.payment_id)


class RefundReturned(View):
    """Say that a client sent back what had been given back of money that never came."""

    permission = "payments.write"

    def post(self, request: ConsoleRequest, refund_id: UUID) -> HttpResponse:
        """Keep it, or say why not."""
        refund = get_object_or_404(Refund, pk=refund_id)
        try:
            note_refund_returned(
                refund_id=refund.pk, returned_on=request.today, by=request.person, now=timezone.now()
            )
        except NotToBeMade:
            words = _("Only what was given back of a payment that the bank refused can come back.")
            return problem(request, words, "billing:payment", refund.payment_id)
        return done(request, _("Kept."), "billing:payment", refund.payment_id)


class CustomerAccount(View):
    """A client's account as it stood on a day."""

    permission = "payments.write"

    def get(self, request: ConsoleRequest, customer_id: UUID) -> HttpResponse:
        """Return the page."""
        customer = get_object_or_404(Customer, pk=customer_id)
        context = asked_account(request, customer) | {
            "credits": credits_of(customer.pk),
            "notes_owed": notes_owed().filter(customer=customer),
        }
        return render(request, "billing/payments/console/account.html", context)


class CustomerAccountPdf(View):
    """The same on paper."""

    permission = "payments.write"

    def get(self, request: ConsoleRequest, customer_id: UUID) -> HttpResponse:
        """Return the PDF."""
        customer = get_object_or_404(Customer, pk=customer_id)
        return paper(asked_account(request, customer))


class PortalStatement(PortalView):
    """The buyer's own account."""

    def get(self, request: PortalRequest) -> HttpResponse:
        """Return the page."""
        return self.page(
            "billing/payments/portal/account.html", asked_account(request, request.contact.customer)
        )


class PortalAccountPdf(PortalView):
    """The same on paper."""

    def get(self, request: PortalRequest) -> HttpResponse:
        """Return the PDF."""
        return paper(asked_account(request, request.contact.customer))


def asked_account(request: VisitorRequest, customer: Customer) -> dict[str, Any]:
    """Return a client's account on the day and in the currency asked for."""
    form = AccountDayForm(request.GET or None)
    known = currencies_of(customer.pk)
    wanted = request.GET.get("currency", "")
    currency = wanted if wanted in known else ("EUR" if "EUR" in known else known[0])
    day = form.day(request.today) if form.is_bound else request.today
    found = account_statement_of(customer, on=day, currency=currency)
    form = AccountDayForm(initial={"on": day})
    asked = Refund.objects.active().filter(made_on=None, payment__customer=customer)
    owed = notes_owed().filter(customer=customer)
    is_held = bool(credits_of(customer.pk)) or owed.exists() or asked.exists()
    return found | {"form": form, "currencies": known, "today": request.today, "is_held": is_held}


def paper(context: dict[str, Any]) -> HttpResponse:
    """Return an account on paper."""
    return pdf(account_pdf(context), f"{_('account')} {context['customer'].name} {context['on']}")


def _payment(payment_id: UUID) -> Payment:
    return get_object_or_404(Payment.objects.select_related("customer"), pk=payment_id)


def _allocation(allocation_id: UUID) -> Allocation:
    rows = Allocation.objects.filter(payment__isnull=False).select_related("payment__customer", "invoice")
    return get_object_or_404(rows, pk=allocation_id)
