"""What can't be delivered any more: finance says it, the buyer answers in the portal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from billing.customers.requests import PortalRequest
from billing.customers.views.sign_in import PortalView
from billing.money.views.answers import done, problem
from billing.orders.models import Order, UnavailableLine
from billing.orders.queries.portal import orders_of
from billing.returns.actions.accept_substitute import accept_substitute
from billing.returns.actions.confirm_unavailable import StillAvailable, confirm_unavailable
from billing.returns.actions.refund_unavailable import AnsweredAlready, refund_unavailable
from billing.returns.forms.unavailable import UnavailableForm
from billing.returns.queries.unavailable import missing_lines
from contracts.policy.clauses import keeps
from people.requests import ConsoleRequest

WHY_NOT = {
    "cancelled": gettext_lazy("This order is cancelled already."),
    "shipped": gettext_lazy("Its parcel left already: open a return instead."),
    "nothing": gettext_lazy("Nothing of it waits to leave."),
    "equivalent": gettext_lazy("This can’t stand in for it: it isn’t on sale, or it bears another VAT."),
    "gone": gettext_lazy("There aren’t as many of the equivalent either: choose another one."),
}


class ConfirmUnavailable(View):
    """Say that something of an order can't be delivered, and propose an equivalent or none."""

    permission = "orders.write"

    def get(self, request: ConsoleRequest, order_id: UUID) -> HttpResponse:
        """Return the form."""
        order = _order(order_id)
        return self._page(request, order, UnavailableForm(today=request.today, lines=missing_lines(order)))

    def post(self, request: ConsoleRequest, order_id: UUID) -> HttpResponse:
        """Keep it and ask the buyer, or pay it back at once."""
        order = _order(order_id)
        form = UnavailableForm(request.POST, today=request.today, lines=missing_lines(order))
        if not form.is_valid():
            return self._page(request, order, form)
        details: dict[str, Any] = {"by": request.person, "now": timezone.now(), "today": request.today}
        try:
            gone = confirm_unavailable(order_id=order.pk, missing=form.missing(), **details)
        except StillAvailable as why:
            form.add_error(
                "substitute" if why.code in {"equivalent", "gone"} else None, str(WHY_NOT[why.code])
            )
            return self._page(request, order, form)
        asked = gone.state == UnavailableLine.State.ASKED
        text = (
            _("The buyer is asked about the equivalent.")
            if asked
            else _("Credited; what was paid is given back.")
        )
        return done(request, text, "billing:order", order.pk)

    def _page(self, request: ConsoleRequest, order: Order, form: UnavailableForm) -> HttpResponse:
        context = {"order": order, "form": form}
        return render(
            request, "billing/returns/console/impossible.html", context, status=422 if form.errors else 200
        )


class AnswerUnavailable(PortalView):
    """Agree to the equivalent, or be paid back."""

    def get(self, request: PortalRequest, impossible_id: UUID) -> HttpResponse:
        """Return to the order, where the question is."""
        return redirect("billing:portal_order", self._found(impossible_id).line.order_id)

    @keeps("LG-S10.1")
    def post(self, request: PortalRequest, impossible_id: UUID) -> HttpResponse:
        """Take the buyer's word."""
        gone = self._found(impossible_id)
        details: dict[str, Any] = {
            "impossible_id": gone.pk,
            "by": request.contact,
            "now": timezone.now(),
            "today": request.today,
        }
        try:
            if request.POST.get("answer") == "agree":
                accept_substitute(**details)
                text = _("Thank you: the equivalent leaves with your parcel.")
            else:
                refund_unavailable(answered_on=request.today, **details)
                text = _("Noted: it is credited, and what you paid for it is given back.")
        except AnsweredAlready:
            return problem(
                request,
                _("This was answered already, or its time is over."),
                "billing:portal_order",
                gone.line.order_id,
            )
        return done(request, text, "billing:portal_order", gone.line.order_id)

    def _found(self, impossible_id: UUID) -> UnavailableLine:
        rows = UnavailableLine.objects.select_related("line").filter(
            line__order__in=orders_of(self.request.contact)
        )
        return get_object_or_404(rows, pk=impossible_id)


def _order(order_id: UUID) -> Order:
    return get_object_or_404(Order.objects.select_related("customer"), pk=order_id)
