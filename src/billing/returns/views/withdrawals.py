"""Withdrawing: the buyer's page, which says what follows before anything happens, and finance's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from billing.customers.requests import PortalRequest
from billing.customers.views.sign_in import PortalView
from billing.fulfilment.actions.render_shop_slips import return_slip_pdf
from billing.fulfilment.models import Return
from billing.money.gateways.seller import seller
from billing.money.views.answers import done, pdf, problem
from billing.orders.models import Order
from billing.orders.queries.portal import orders_of
from billing.returns.actions.render_withdrawal_form import withdrawal_form_pdf
from billing.returns.actions.withdraw import (
    NotWithdrawable,
    WithdrawalNotice,
    is_protected,
    note_goods_sent,
    withdraw,
)
from billing.returns.forms.withdrawals import GoodsSentForm, RecordWithdrawalForm, WithdrawForm
from billing.returns.labels import refund_sentences
from billing.returns.models import Withdrawal
from billing.returns.policy.withdrawal import PartWithdrawn, refund_standing
from billing.returns.queries.withdrawals import Choice, additions_to, choices, refund_of
from billing.subscriptions.models import Subscription
from billing.subscriptions.policy import termination
from contracts.labels import day_text
from contracts.policy.clauses import keeps
from people.requests import ConsoleRequest

REFUSALS = {
    "professional": gettext_lazy(
        "The right of withdrawal is a consumer’s, and that of a professional with at most 5 employees who "
        "buys outside "
        "their main activity."
    ),
    "late": gettext_lazy("The 14 days are over: %(on)s was the last one."),
    "nothing": gettext_lazy("Nothing of it is left to withdraw from."),
}


def error_message(why: NotWithdrawable) -> str:
    """Return in words why something can't be withdrawn from."""
    return str(REFUSALS[why.code]) % ({"on": day_text(why.on)} if why.on else {})


def effects(order: Order, notice: WithdrawalNotice) -> dict[str, Any]:
    """Return what would follow: what ends, what is sent back and by when, what is given back and by when."""
    picked = [
        each
        for each in choices(order, received_on=notice.received_on)
        if notice.taken.get(each.line.position)
    ]
    right = termination.Withdrawal(notice.received_on)
    return_due_on, refund_by = right.return_due_on(notice.received_on), right.refund_by(notice.received_on)
    parts = [PartWithdrawn(each.has_left, None if each.has_left else notice.received_on) for each in picked]
    added = additions_to(order, notice.taken, received_on=notice.received_on)
    return {
        "picked": [(each, notice.taken[each.line.position]) for each in picked],
        "ends": [each for each in picked if not each.is_goods and not _is_next_term(each, order)],
        "undone": [each for each in picked if _is_next_term(each, order)],
        "sent_back": [each for each in picked if each.has_left],
        "return_due_on": return_due_on,
        "refund_told": refund_sentences(
            refund_standing(parts, refund_by=refund_by), return_due_on=return_due_on, refund_by=refund_by
        ),
        "added": [each.order for each in added],
        "refund_cents": refund_of(order, notice.taken)
        + sum(refund_of(each.order, each.taken) for each in added),
        "seller": seller(),
    }


def _is_next_term(choice: Choice, order: Order) -> bool:
    """Return whether a line pays for a term that has not begun: what runs goes on to its end."""
    rows = Subscription.objects.filter(contract=choice.line.contract_id, renewal_order=order)
    return choice.line.contract_id is not None and rows.exists()


class PortalWithdraw(PortalView):
    """Withdraw from an order: what follows is said first, then one button."""

    def get(self, request: PortalRequest, order_id: UUID) -> HttpResponse:
        """Return what can be withdrawn from."""
        order = get_object_or_404(orders_of(self.request.contact).select_related("customer"), pk=order_id)
        return self._page(order, self._form(order), {})

    @keeps("LG-S22")
    def post(self, request: PortalRequest, order_id: UUID) -> HttpResponse:
        """Say what would follow, or take the notice and confirm it by e-mail."""
        order = get_object_or_404(orders_of(self.request.contact).select_related("customer"), pk=order_id)
        form = self._form(order, request.POST)
        if not form.is_valid():
            return self._page(order, form, {})
        notice = form.notice(how=Withdrawal.Channel.BUTTON, received_on=request.today)
        if "confirm" not in request.POST:
            if not is_protected(order, notice):
                form.add_error(None, error_message(NotWithdrawable("professional")))
                return self._page(order, form, {})
            return self._page(order, form, effects(order, notice))
        try:
            withdrawal = withdraw(
                order_id=order.pk, notice=notice, by=request.contact, now=timezone.now(), today=request.today
            )
        except NotWithdrawable as why:
            return problem(request, error_message(why), "billing:portal_order", order.pk)
        text = _("Your withdrawal is received; the confirmation leaves by e-mail.")
        told = [
            text,
            *refund_sentences(
                withdrawal.refund, return_due_on=withdrawal.return_due_on, refund_by=withdrawal.refund_by
            ),
        ]
        return done(request, " ".join(told), "billing:portal_order", order.pk)

    def _form(self, order: Order, data: Any = None) -> WithdrawForm:
        found = [each for each in choices(order, received_on=self.request.today) if each.is_open]
        return WithdrawForm(data, choices=found, asks_capacity=order.is_capacity_unknown)

    def _page(self, order: Order, form: WithdrawForm, told: dict[str, Any]) -> HttpResponse:
        over = [each for each in choices(order, received_on=self.request.today) if not each.is_open]
        context = {"order": order, "form": form, "over": over, **told}
        return self.page("billing/returns/portal/withdraw.html", context, status=422 if form.errors else 200)


class PortalWithdrawalForm(PortalView):
    """The form of withdrawal of an order, on paper."""

    def get(self, request: PortalRequest, order_id: UUID) -> HttpResponse:
        """Return the PDF."""
        order = get_object_or_404(
            orders_of(self.request.contact).select_related("customer", "contact"), pk=order_id
        )
        if not order.is_consumer_protected and not order.is_capacity_unknown:
            raise Http404
        return pdf(withdrawal_form_pdf(order), f"{_('withdrawal')} {order.number}")


class PortalReturnSlip(PortalView):
    """The slip that travels with the buyer's own goods."""

    def get(self, request: PortalRequest, return_id: UUID) -> HttpResponse:
        """Return the PDF."""
        rows = Return.objects.filter(order__customer_id=request.contact.customer_id)
        back = get_object_or_404(
            rows.select_related("order__customer", "order__contact", "product"), pk=return_id
        )
        return pdf(return_slip_pdf(back), back.number)


class RecordWithdrawal(View):
    """Write down a notice that came another way."""

    permission = "orders.write"

    def get(self, request: ConsoleRequest, order_id: UUID) -> HttpResponse:
        """Return the form."""
        order = _order(order_id)
        return self._page(request, order, self._form(request, order))

    def post(self, request: ConsoleRequest, order_id: UUID) -> HttpResponse:
        """Keep it with the day it was given, or say what is wrong."""
        order = _order(order_id)
        form = self._form(request, order, request.POST)
        if not form.is_valid():
            return self._page(request, order, form)
        notice = form.notice(how=form.cleaned_data["how"], received_on=form.cleaned_data["on"])
        try:
            withdraw(
                order_id=order.pk, notice=notice, by=request.person, now=timezone.now(), today=request.today
            )
        except NotWithdrawable as why:
            form.add_error("on" if why.code == "late" else None, error_message(why))
            return self._page(request, order, form)
        return done(
            request,
            _("Kept. The client is told what goes back and what is paid back."),
            "billing:order",
            order.pk,
        )

    def _form(self, request: ConsoleRequest, order: Order, data: Any = None) -> RecordWithdrawalForm:
        found = choices(order, received_on=request.today)
        return RecordWithdrawalForm(
            data, choices=found, asks_capacity=order.is_capacity_unknown, today=request.today
        )

    def _page(self, request: ConsoleRequest, order: Order, form: RecordWithdrawalForm) -> HttpResponse:
        context = {"order": order, "customer": order.customer, "form": form}
        return render(
            request, "billing/returns/console/withdraw.html", context, status=422 if form.errors else 200
        )


class GoodsSent(View):
    """Say that a client proved that goods are on their way back."""

    permission = "orders.write"

    def get(self, request: ConsoleRequest, withdrawal_id: UUID) -> HttpResponse:
        """Return the form."""
        return self._page(request, _withdrawal(withdrawal_id), GoodsSentForm(today=request.today))

    def post(self, request: ConsoleRequest, withdrawal_id: UUID) -> HttpResponse:
        """Keep it: the price can't wait for the goods any longer."""
        withdrawal = _withdrawal(withdrawal_id)
        form = GoodsSentForm(request.POST, today=request.today)
        if not form.is_valid():
            return self._page(request, withdrawal, form)
        if form.cleaned_data["on"] < withdrawal.received_on:
            form.add_error("on", _("That is before the withdrawal."))
            return self._page(request, withdrawal, form)
        details: dict[str, Any] = {"by": request.person, "now": timezone.now(), "today": request.today}
        note_goods_sent(withdrawal=withdrawal, **form.cleaned_data, **details)
        return done(request, _("Kept. The price is being paid back."), "billing:order", withdrawal.order_id)

    def _page(self, request: ConsoleRequest, withdrawal: Withdrawal, form: GoodsSentForm) -> HttpResponse:
        context = {"withdrawal": withdrawal, "order": withdrawal.order, "form": form}
        return render(
            request, "billing/returns/console/goods_sent.html", context, status=422 if form.errors else 200
        )


def _order(order_id: UUID) -> Order:
    return get_object_or_404(Order.objects.select_related("customer"), pk=order_id)


def _withdrawal(withdrawal_id: UUID) -> Withdrawal:
    return get_object_or_404(Withdrawal.objects.select_related("order__customer"), pk=withdrawal_id)
