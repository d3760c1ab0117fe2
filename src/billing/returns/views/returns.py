"""The shop's pages about what comes back."""

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
from django.views.generic import View

from audit.queries import history
from billing.catalogue.policy.shelves import OutOfStock
from billing.fulfilment.actions.render_shop_slips import return_slip_pdf
from billing.fulfilment.models import Return
from billing.invoicing.policy.credit import NothingCredited, TooMuchCredited
from billing.money.views.answers import done, pdf, problem
from billing.money.views.lists import ListPage
from billing.orders.models import Order
from billing.returns.actions.open_warranty_claim import (
    AmountNeeded,
    BeforeItCame,
    ClaimedAlready,
    NotOpen,
    NotOrdered,
    PaidBack,
    is_protected,
    open_warranty_claim,
    outcomes_of,
    receive_return,
    resolve_return,
)
from billing.returns.forms.claims import ClaimForm, ReceivedForm, SettleForm
from billing.returns.labels import CHOICES, RETURN_STATES, refusal_words
from billing.returns.policy.warranty import NotCovered, NotTheirChoice
from billing.returns.policy.withdrawal import decision_due_on
from billing.returns.queries.guarantees import days_of
from contracts.labels import day_text
from people.requests import ConsoleRequest

REFUSING = (
    NotCovered,
    NotTheirChoice,
    OutOfStock,
    PaidBack,
    AmountNeeded,
    TooMuchCredited,
    NothingCredited,
)


class ReturnList(ListPage[Return]):
    """All returns."""

    permission = "orders.write"
    template_name = "billing/returns/console/returns.html"
    searched = ("number", "order__number", "order__customer__name", "product__name_fr")
    sorts = {"number": "number", "customer": "order__customer__name", "claimed": "claimed_on"}
    first_sort = "-claimed"
    csv_name = "retours"

    def rows(self) -> QuerySet[Return]:
        """Return the returns."""
        return Return.objects.select_related("order__customer", "product")

    def states(self) -> list[tuple[str, Any]]:
        """Return the states to filter by."""
        return [(key, words) for key, (words, *_rest) in RETURN_STATES.items()]

    def header(self) -> list[Any]:
        """Return the header of the CSV."""
        return [
            _("Number"),
            _("Order"),
            _("Customer"),
            _("Product"),
            _("Claimed on"),
            _("Settled on"),
            _("State"),
        ]

    def line(self, row: Return) -> Iterable[Any]:
        """Return a return's cells."""
        state = str(RETURN_STATES[row.state][0])
        known = [row.number, row.order.number, row.order.customer.name, row.product.name_fr]
        return [*known, row.claimed_on, row.settled_on, state]


class OpenReturn(View):
    """Take a claim on things of an order."""

    permission = "orders.write"

    def get(self, request: ConsoleRequest, order_id: UUID) -> HttpResponse:
        """Return the form."""
        order = get_object_or_404(Order.objects.select_related("customer"), pk=order_id)
        return self._page(request, order, ClaimForm(order=order, initial={"claimed_on": request.today}))

    def post(self, request: ConsoleRequest, order_id: UUID) -> HttpResponse:
        """Take it, or say what is wrong."""
        order = get_object_or_404(Order.objects.select_related("customer"), pk=order_id)
        form = ClaimForm(request.POST, order=order)
        if not form.is_valid():
            return self._page(request, order, form)
        try:
            back = open_warranty_claim(
                order=order, said=form.said(), by=request.person, now=timezone.now(), today=request.today
            )
        except ClaimedAlready as claimed:
            text = _("A claim on these goes on, or they were paid back: %(left)d can still be claimed.")
            form.add_error("quantity", text % {"left": claimed.left})
            return self._page(request, order, form)
        except NotOrdered:
            form.add_error("quantity", _("The order has less of it than that."))
            return self._page(request, order, form)
        if back.refusal:
            text = _("Refused: %(why)s. The client is told.") % {"why": refusal_words(back.refusal)}
            return problem(request, text, "billing:return", back.pk)
        return done(
            request, _("Open. The client gets the slip to put in the parcel."), "billing:return", back.pk
        )

    def _page(self, request: ConsoleRequest, order: Order, form: ClaimForm) -> HttpResponse:
        context = {
            "order": order,
            "customer": order.customer,
            "form": form,
            "protected": is_protected(order),
            "days": days_of(order),
        }
        return render(
            request, "billing/returns/console/return_new.html", context, status=422 if form.errors else 200
        )


class ReturnPage(View):
    """One return: what comes back and why, and its next step."""

    permission = "orders.write"

    def get(self, request: ConsoleRequest, return_id: UUID) -> HttpResponse:
        """Return the page."""
        return page(request, found(return_id))


def found(return_id: UUID) -> Return:
    """Return a return, or answer that there is none."""
    rows = Return.objects.select_related(
        "order__customer", "order__contact", "product", "credit_note", "replacement"
    )
    return get_object_or_404(rows, pk=return_id)


def page(request: ConsoleRequest, back: Return, **forms_in_use: forms.Form) -> HttpResponse:
    """Return a return's page, with the form that was filled in wrong."""
    context = {
        "back": back,
        "order": back.order,
        "customer": back.order.customer,
        "today": request.today,
        "receive_form": ReceivedForm(today=request.today, prefix="receive"),
        "settle_form": _settle_form(back),
        "incomplete_told": _incomplete_told(back),
        "entries": history(on=back.pk),
    }
    wrong = any(form.errors for form in forms_in_use.values())
    return render(
        request, "billing/returns/console/return.html", context | forms_in_use, status=422 if wrong else 200
    )


def _incomplete_told(back: Return) -> str:
    """Return what is said of goods that came back incomplete: by when it is decided where promised."""
    if back.is_undecided and back.ground == Return.Ground.WITHDRAWAL:
        part = back.withdrawn
        if day := decision_due_on(part.as_told, refund_by=part.withdrawal.refund_by):
            text = _("Decide by %(day)s: the rest comes, or it is refused. The client was told that day.")
            return text % {"day": day_text(day)}
    return _("Until the rest comes, only a refusal is possible.")


def _settle_form(back: Return, data: Any = None) -> SettleForm:
    return SettleForm(data, choices=outcomes_of(back), prefix="settle")


class ReturnSlip(View):
    """The slip that travels with the goods."""

    permission = "orders.write"

    def get(self, request: ConsoleRequest, return_id: UUID) -> HttpResponse:
        """Return the PDF."""
        back = found(return_id)
        return pdf(return_slip_pdf(back), back.number)


class ReceiveReturn(ReturnPage):
    """Say that the goods are here."""

    def post(self, request: ConsoleRequest, return_id: UUID) -> HttpResponse:
        """Note it, or say what is wrong."""
        back = found(return_id)
        form = ReceivedForm(request.POST, today=request.today, prefix="receive")
        if not form.is_valid():
            return page(request, back, receive_form=form)
        data = form.cleaned_data
        details = {
            "on": data["on"],
            "is_complete": data["is_complete"],
            "by": request.person,
            "now": timezone.now(),
            "today": request.today,
        }
        try:
            receive_return(return_id=back.pk, **details)
        except NotOpen:
            return problem(
                request, _("These goods were received or refused already."), "billing:return", back.pk
            )
        except BeforeItCame:
            form.add_error("on", _("What was missing can’t have come before the goods themselves."))
            return page(request, back, receive_form=form)
        return done(request, _("Received. Say how it ends."), "billing:return", back.pk)


class ResolveReturn(ReturnPage):
    """End a return, or refuse it."""

    def post(self, request: ConsoleRequest, return_id: UUID) -> HttpResponse:
        """Settle it, or say what is wrong."""
        back = found(return_id)
        form = _settle_form(back, request.POST)
        if not form.is_valid():
            return page(request, back, settle_form=form)
        details: dict[str, Any] = {"by": request.person, "now": timezone.now(), "today": request.today}
        try:
            resolve_return(return_id=back.pk, **form.decided(), **details)
        except NotOpen:
            return problem(request, _("Receive the goods first."), "billing:return", back.pk)
        except REFUSING as why:
            form.add_error(*_why_not(why))
        else:
            return done(request, _("Settled. The client is told."), "billing:return", back.pk)
        return page(request, back, settle_form=form)


def _why_not(why: Exception) -> tuple[str, str]:
    """Return the field and the words of why a return can't end as was asked."""
    if isinstance(why, NotCovered):
        return "outcome", _("It can’t end like this: %(why)s.") % {"why": refusal_words(why.exclusion)}
    if isinstance(why, NotTheirChoice):
        text = _("The client chose %(chosen)s. To end it otherwise, say why, in words for them too.")
        return "because", text % {"chosen": CHOICES[why.chosen]}
    if isinstance(why, OutOfStock):
        return "outcome", _("There is none left to send: choose another end, or receive some first.")
    if isinstance(why, PaidBack):
        return "outcome", _("Its price is paid back: it can’t be refused any more. Say that it is refunded.")
    return "reduced_by", _("More than what is left of the price of these goods.")
