"""Finance's pages about orders."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from audit.queries import history
from billing.actions.cancel_order import MoneyInHand, NotCancellable, cancel_order
from billing.actions.undo_order import NotRefusable, undo_order
from billing.forms.money import ReasonForm
from billing.forms.refusing import RefuseForm
from billing.labels.orders import ORDER_STATES, TOLD, reason_words
from billing.models import Invoice, OnlineSteps, Order, Refusal
from billing.policy.clients import can_be_protected
from billing.policy.days import paris_day
from billing.policy.price_error import NoError
from billing.queries.balances import with_balance
from billing.queries.impossible import impossibles_of, may_be_impossible
from billing.queries.trials import attempts_of
from billing.queries.withdrawals import choices
from billing.views.answers import done, problem
from billing.views.lists import ListPage
from tenants.models import Tenant
from tenants.queries import tenant_url


class OrderList(ListPage):
    """All orders."""

    right = "orders.write"
    template_name = "billing/console/orders.html"
    searched = ("number", "customer__name", "sites__name")
    sorts = {
        "number": "number",
        "customer": "customer__name",
        "total": "gross_cents",
        "confirmed": "confirmed_at",
    }
    first_sort = "-confirmed"
    csv_name = "commandes"

    def rows(self) -> QuerySet[Any]:
        """Return the orders."""
        return Order.objects.select_related("customer").prefetch_related("sites").distinct()

    def filtered(self, rows: QuerySet[Any], state: str) -> QuerySet[Any]:
        """Return the orders in a state, or those that may be cancelled."""
        if state == "cancellable":
            return rows.filter(state="waiting", cancellable_since__isnull=False)
        return rows.filter(state=state)

    def states(self) -> list[tuple[str, Any]]:
        """Return the states of orders, and one more: what may be cancelled."""
        return [
            *((key, words) for key, (words, *_rest) in ORDER_STATES.items()),
            ("cancellable", _("can be cancelled")),
        ]

    def header(self) -> list[Any]:
        """Return the header of the CSV."""
        return [
            _("Number"),
            _("Customer"),
            _("Confirmed on"),
            _("Can be cancelled from"),
            _("Total"),
            _("State"),
        ]

    def line(self, row: Order) -> Iterable[Any]:
        """Return an order's cells."""
        state = str(ORDER_STATES[row.state][0])
        total = f"{row.gross_cents / 100:.2f}"
        return [row.number, row.customer.name, row.confirmed_on, row.cancellable_on, total, state]


class RefusalList(ListPage):
    """The orders that weren't taken, or were taken back, each with its reason and when the client was
    told.
    """

    right = "orders.write"
    template_name = "billing/console/refusals.html"
    searched = ("contact__customer__name", "email", "order__number", "words")
    sorts = {"refused": "refused_at", "reason": "reason"}
    first_sort = "-refused"
    csv_name = "refus"

    def rows(self) -> QuerySet[Any]:
        """Return the refusals."""
        return Refusal.objects.select_related("contact__customer", "order")

    def filtered(self, rows: QuerySet[Any], state: str) -> QuerySet[Any]:
        """Return the refusals for a reason."""
        return rows.filter(reason=state)

    def states(self) -> list[tuple[str, Any]]:
        """Return the reasons."""
        return list(TOLD.items())

    def header(self) -> list[Any]:
        """Return the header of the CSV."""
        return [
            _("Refused on"),
            _("Customer"),
            _("Order"),
            _("Reason"),
            _("Told to the client"),
            _("Told on"),
        ]

    def line(self, row: Refusal) -> Iterable[Any]:
        """Return a refusal's cells."""
        who = row.contact.customer.name if row.contact else row.email
        told = paris_day(row.told_at) if row.told_at else ""
        return [
            row.refused_on,
            who,
            row.order.number if row.order else "",
            reason_words(row.reason),
            row.words,
            told,
        ]


class OrderPage(View):
    """One order: its dates, its lines, its invoice, what it opened."""

    right = "orders.write"

    def get(self, request: Any, order_id: UUID) -> HttpResponse:
        """Return the page."""
        return self.page(request, order_id, ReasonForm())

    def page(
        self, request: Any, order_id: UUID, form: ReasonForm, refusing: RefuseForm | None = None
    ) -> HttpResponse:
        """Return the page with these forms."""
        order = get_object_or_404(
            Order.objects.select_related("customer", "contact", "version__quote"), pk=order_id
        )
        tenants = Tenant.objects.in_bulk([site.tenant_id for site in order.sites.all() if site.tenant_id])
        sites = [
            (site, tenants.get(site.tenant_id), _address(tenants.get(site.tenant_id)))
            for site in order.sites.all()
        ]
        asked = Invoice.objects.filter(order=order, kind=Invoice.Kind.INVOICE).values_list(
            "is_deposit", flat=True
        )
        context = {
            "needs_final": bool(asked) and all(asked) and order.state != Order.State.CANCELLED,
            "order": order,
            "customer": order.customer,
            "lines": order.lines.all(),
            "sites": sites,
            "form": form,
            "invoices": with_balance(Invoice.objects.filter(order=order)),
            "today": request.today,
            "entries": history(on=order.pk),
            "steps": OnlineSteps.objects.filter(order=order).first(),
            "refusal": Refusal.objects.filter(order=order).first(),
            "refusing": refusing or RefuseForm(),
            "attempts": attempts_of(order),
            "withdrawable": _withdrawable(order),
            "impossibles": impossibles_of(order),
            "may_be_impossible": may_be_impossible(order),
            "withdrawals": order.withdrawals.prefetch_related("parts__line", "parts__back", "credits__note"),
        }
        wrong = form.errors or (refusing and refusing.errors)
        return render(request, "billing/console/order.html", context, status=422 if wrong else 200)


def _withdrawable(order: Order) -> bool:
    """Return whether something of it may be withdrawn from, be it told late, by who may have that right."""
    return can_be_protected(order.customer.client) and bool(choices(order, told_on=order.confirmed_on))


def _address(tenant: Tenant | None) -> str:
    return tenant_url(tenant) if tenant else ""


class CancelOrder(OrderPage):
    """Cancel an order that was not paid in time."""

    def get(self, request: HttpRequest, order_id: UUID) -> HttpResponse:  # type: ignore[override]
        """Return the order."""
        return super().get(request, order_id)

    def post(self, request: Any, order_id: UUID) -> HttpResponse:
        """Cancel it, or say why not."""
        order = get_object_or_404(Order, pk=order_id)
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self.page(request, order_id, form)
        try:
            cancel_order(
                order_id=order.pk,
                reason=form.cleaned_data["reason"],
                by=request.person,
                now=timezone.now(),
                today=request.today,
            )
        except NotCancellable:
            return problem(
                request,
                _("This order can’t be cancelled: its time isn’t over, or it was paid."),
                "billing:order",
                order.pk,
            )
        except MoneyInHand:
            text = _("A payment was received for it. Credit it, or note that the bank refused it, first.")
            return problem(request, text, "billing:order", order.pk)
        text = _("Cancelled. A credit note takes its invoice back, and the buyer was told.")
        return done(request, text, "billing:order", order.pk)


class RefuseOrder(OrderPage):
    """Refuse an order that was placed, or cancel one sold at a manifestly wrong price.

    The client is told why.
    """

    def get(self, request: HttpRequest, order_id: UUID) -> HttpResponse:  # type: ignore[override]
        """Return the order."""
        return super().get(request, order_id)

    def post(self, request: Any, order_id: UUID) -> HttpResponse:
        """Take it back, or say why not."""
        order = get_object_or_404(Order, pk=order_id)
        form = RefuseForm(request.POST)
        if not form.is_valid():
            return self.page(request, order_id, ReasonForm(), form)
        try:
            undo_order(
                order_id=order.pk,
                because=form.because(),
                by=request.person,
                now=timezone.now(),
                today=request.today,
            )
        except NoError:
            form.add_error(
                "right_price", _("The price asked isn’t below this one: nothing was sold for too little.")
            )
            return self.page(request, order_id, ReasonForm(), form)
        except NotRefusable as error:
            return problem(request, _not_refusable(str(error)), "billing:order", order.pk)
        except MoneyInHand:
            text = _(
                "Money for it is on its way: note first that it was credited, or that the bank refused it."
            )
            return problem(request, text, "billing:order", order.pk)
        text = _(
            "Taken back. What was invoiced is credited, what was paid is given back, and the client was told "
            "why."
        )
        return done(request, text, "billing:order", order.pk)


def _not_refusable(why: str) -> str:
    if why == "shipped":
        return _("Its parcel left already: open a return instead.")
    if why == "concluded":
        return _("This order is concluded: only a manifest price error takes it back.")
    return _("This order is cancelled already.")
