"""The shop's pages about what leaves: the picking list of each Tuesday and Thursday, and every parcel."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import View

from audit.queries import history
from billing.fulfilment.actions.plan_delivery import (
    AwaitsAnswer,
    NotPlanned,
    NotSent,
    ReasonNeeded,
    Withheld,
    arrive,
    cancel_for_late_delivery,
    days_ahead,
    note_notice,
    ship,
)
from billing.fulfilment.actions.render_shop_slips import picking_list_pdf
from billing.fulfilment.forms.shop import PastDayForm, ShipForm
from billing.fulfilment.labels import DELIVERY_STATES, WITHHELD
from billing.fulfilment.models import Delivery
from billing.fulfilment.policy.delivery import NotYet
from billing.fulfilment.queries.deliveries import address_of, picking_list, things_in
from billing.fulfilment.queries.withheld import hold_of, holds_of
from billing.money.policy.possible_days import read_day
from billing.money.views.answers import done, pdf, problem
from billing.money.views.lists import ListPage
from contracts.labels import day_text
from contracts.templatetags.ui import money_text
from people.requests import ConsoleRequest


class DeliveryList(ListPage[Delivery]):
    """All parcels."""

    permission = "orders.write"
    template_name = "billing/fulfilment/console/deliveries.html"
    searched = ("number", "order__number", "order__customer__name", "tracking")
    sorts = {
        "number": "number",
        "customer": "order__customer__name",
        "leaves": "leaves_on",
        "promised": "promised_on",
    }
    first_sort = "-leaves"
    csv_name = "livraisons"

    def rows(self) -> QuerySet[Delivery]:
        """Return the deliveries."""
        return Delivery.objects.select_related("order__customer")

    @cached_property
    def withheld(self) -> set[UUID]:
        """Return the orders whose parcels must stay here today."""
        planned = Delivery.objects.filter(state=Delivery.State.PLANNED).select_related("order")
        return set(holds_of([each.order for each in planned], self.request.today))

    def filtered(self, rows: QuerySet[Delivery], state: str) -> QuerySet[Delivery]:
        """Return the parcels in a state: those to be shipped and those withheld apart."""
        if state == "withheld":
            return rows.filter(state=Delivery.State.PLANNED, order__in=self.withheld)
        found = rows.filter(state=state)
        return found.exclude(order__in=self.withheld) if state == Delivery.State.PLANNED else found

    def states(self) -> list[tuple[str, Any]]:
        """Return the states to filter by."""
        first, *rest = [(key, words) for key, (words, *_rest) in DELIVERY_STATES.items()]
        return [first, ("withheld", WITHHELD[0]), *rest]

    def header(self) -> list[Any]:
        """Return the header of the CSV."""
        return [
            _("Number"),
            _("Order"),
            _("Customer"),
            _("Leaves on"),
            _("Promised for"),
            _("Delivered on"),
            _("State"),
        ]

    def line(self, row: Delivery) -> Iterable[Any]:
        """Return a delivery's cells."""
        is_withheld = row.state == Delivery.State.PLANNED and row.order_id in self.withheld
        state = str((WITHHELD if is_withheld else DELIVERY_STATES[row.state])[0])
        known = [row.number, row.order.number, row.order.customer.name]
        return [*known, row.leaves_on, row.promised_on, row.delivered_on, state]


def _day_asked(request: ConsoleRequest, ahead: list[date]) -> date:
    return read_day(request.GET.get("day", "")) or ahead[0]


class Picking(View):
    """What to fetch from the shelves and pack for a Tuesday or a Thursday."""

    permission = "orders.write"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Return the picking list of the day asked for, else of the next one."""
        ahead = days_ahead(request.today)
        day = _day_asked(request, ahead)
        context = {"picking": picking_list(day, today=request.today), "ahead": ahead, "today": request.today}
        return render(request, "billing/fulfilment/console/picking.html", context)


class PickingPdf(View):
    """The same list on paper."""

    permission = "orders.write"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Return the PDF."""
        day = _day_asked(request, days_ahead(request.today))
        content = picking_list_pdf(picking_list(day, today=request.today), language=get_language() or "fr")
        return pdf(content, f"preparation-{day.isoformat()}")


class DeliveryPage(View):
    """One parcel: what is in it, its days, and its next step."""

    permission = "orders.write"

    def get(self, request: ConsoleRequest, delivery_id: UUID) -> HttpResponse:
        """Return the page."""
        return page(request, found(delivery_id))


def found(delivery_id: UUID) -> Delivery:
    """Return a delivery, or answer that there is none."""
    rows = Delivery.objects.select_related("order__customer", "order__version")
    return get_object_or_404(rows, pk=delivery_id)


def page(request: ConsoleRequest, delivery: Delivery, **forms_in_use: forms.Form) -> HttpResponse:
    """Return a parcel's page, with the form that was filled in wrong."""
    customer = delivery.order.customer
    today = request.today
    context = {
        "delivery": delivery,
        "order": delivery.order,
        "customer": customer,
        "things": things_in(delivery),
        "address": address_of(delivery),
        "hold": hold_of(delivery.order, today),
        "is_consumer": delivery.order.is_consumer_protected,
        "is_late": delivery.delivered_on is None
        and delivery.state != "cancelled"
        and today > delivery.promised_on,
        "ship_form": ShipForm(prefix="ship"),
        "arrive_form": PastDayForm(today=today, prefix="arrive"),
        "notice_form": PastDayForm(today=today, prefix="notice"),
        "today": today,
        "entries": history(on=delivery.pk),
    }
    wrong = any(form.errors for form in forms_in_use.values())
    return render(
        request,
        "billing/fulfilment/console/delivery.html",
        context | forms_in_use,
        status=422 if wrong else 200,
    )


class Ship(DeliveryPage):
    """Say that a parcel left."""

    def post(self, request: ConsoleRequest, delivery_id: UUID) -> HttpResponse:
        """Send it, or say why it stays."""
        delivery = found(delivery_id)
        form = ShipForm(request.POST, prefix="ship")
        if not form.is_valid():
            return page(request, delivery, ship_form=form)
        details: dict[str, Any] = {"by": request.person, "now": timezone.now(), "today": request.today}
        try:
            ship(delivery_id=delivery.pk, **form.cleaned_data, **details)
        except NotPlanned:
            return problem(request, _("It left already, or was cancelled."), "billing:delivery", delivery.pk)
        except ReasonNeeded:
            form.add_error("reason", _("It was planned for another day: say why it leaves today."))
            return page(request, delivery, ship_form=form)
        except AwaitsAnswer:
            text = _("It stays here until the buyer has answered about the equivalent, or it is paid back.")
            return problem(request, text, "billing:delivery", delivery.pk)
        except Withheld as held:
            text = _("It stays here: %(amount)s is overdue.") % {"amount": money_text(held.cents)}
            return problem(request, text, "billing:delivery", delivery.pk)
        return done(request, _("Sent. The buyer gets a message."), "billing:delivery", delivery.pk)


class Arrive(DeliveryPage):
    """Say that a parcel is in the client's hands."""

    def post(self, request: ConsoleRequest, delivery_id: UUID) -> HttpResponse:
        """Note the day, or say what is wrong."""
        delivery = found(delivery_id)
        form = PastDayForm(request.POST, today=request.today, prefix="arrive")
        if not form.is_valid():
            return page(request, delivery, arrive_form=form)
        try:
            arrive(delivery_id=delivery.pk, on=form.cleaned_data["on"], by=request.person, now=timezone.now())
        except NotSent:
            return problem(request, _("Send it first."), "billing:delivery", delivery.pk)
        return done(
            request, _("Delivered. The guarantees count from this day."), "billing:delivery", delivery.pk
        )


class NoteNotice(DeliveryPage):
    """Note a client's formal notice to deliver."""

    def post(self, request: ConsoleRequest, delivery_id: UUID) -> HttpResponse:
        """Note the day, or say what is wrong."""
        delivery = found(delivery_id)
        form = PastDayForm(request.POST, today=request.today, prefix="notice")
        if not form.is_valid():
            return page(request, delivery, notice_form=form)
        try:
            note_notice(
                delivery_id=delivery.pk, on=form.cleaned_data["on"], by=request.person, now=timezone.now()
            )
        except NotSent:
            return problem(request, _("It was delivered or cancelled."), "billing:delivery", delivery.pk)
        return done(request, _("Noted."), "billing:delivery", delivery.pk)


class CancelForLateDelivery(DeliveryPage):
    """End a consumer's sale because nothing came."""

    def post(self, request: ConsoleRequest, delivery_id: UUID) -> HttpResponse:
        """End it, or say from when it may end."""
        delivery = found(delivery_id)
        details: dict[str, Any] = {"by": request.person, "now": timezone.now(), "today": request.today}
        try:
            refund_by = cancel_for_late_delivery(delivery_id=delivery.pk, **details)
        except NotYet as wait:
            return problem(request, _why_not(wait), "billing:delivery", delivery.pk)
        except NotSent:
            return problem(request, _("It was delivered or cancelled."), "billing:delivery", delivery.pk)
        text = _("The sale is ended and its invoice credited. The money must be back by %(day)s.") % {
            "day": day_text(refund_by)
        }
        return done(request, text, "billing:delivery", delivery.pk)


def _why_not(wait: NotYet) -> str:
    if wait.possible_on is not None:
        return _("The client may end it from %(day)s on.") % {"day": day_text(wait.possible_on)}
    if wait.reason == "professional":
        return _("Only a consumer may end a sale for late delivery.")
    if wait.reason == "no_notice":
        return _("The client must have given formal notice first: note it here.")
    return _("It was delivered: this is a return now.")
