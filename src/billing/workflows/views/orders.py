"""An order in the console: its page, cancel it, refuse it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from audit.queries import history
from billing.catalogue.policy.methods import TRANSFER, MethodRefused
from billing.customers.queries.sent import sent_about
from billing.fulfilment.queries.withheld import hold_of
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import with_state
from billing.money.forms.fields import ReasonForm
from billing.money.views.answers import done, problem
from billing.orders.actions.cancel_order import MoneyInHand, NotCancellable, cancel_order
from billing.orders.actions.change_method import change_method, may_pay_by_transfer
from billing.orders.actions.hold_order import NothingOverdue, hold_order
from billing.orders.models import CheckoutSteps, Order, Refusal
from billing.orders.policy.price_error import NoError
from billing.orders.queries.asked import is_taken_back, was_credited_before
from billing.orders.queries.pending import may_be_stopped
from billing.returns.queries.unavailable import may_be_unavailable, unavailable_lines_of
from billing.returns.queries.withdrawals import choices
from billing.subscriptions.queries.trials import attempts_of
from billing.workflows.actions.open_access import waiting_places
from billing.workflows.actions.refuse_order import NotRefusable, refuse_order
from billing.workflows.forms.refusing import RefuseForm
from people.requests import ConsoleRequest
from tenants.models import Tenant
from tenants.queries import tenant_url


class OrderPage(View):
    """One order: its dates, its lines, its invoice, what it opened."""

    permission = "orders.write"

    def get(self, request: ConsoleRequest, order_id: UUID) -> HttpResponse:
        """Return the page."""
        return self.page(request, order_id, ReasonForm())

    def page(
        self, request: ConsoleRequest, order_id: UUID, form: ReasonForm, refusing: RefuseForm | None = None
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
            "is_down_payment", flat=True
        )
        context = {
            "needs_final": bool(asked) and all(asked) and order.state != Order.State.CANCELLED,
            "order": order,
            "by_transfer": may_pay_by_transfer(order),
            "may_be_stopped": may_be_stopped(order, today=request.today),
            "is_taken_back": is_taken_back(order),
            "hold": hold_of(order, request.today),
            "customer": order.customer,
            "lines": order.lines.all(),
            "sites": sites,
            "form": form,
            "invoices": with_state(Invoice.objects.filter(order=order), today=request.today),
            "today": request.today,
            "sent": sent_about(order.pk),
            "entries": history(on=order.pk),
            "steps": CheckoutSteps.objects.filter(order=order).first(),
            "refusal": Refusal.objects.filter(order=order).first(),
            "refusing": refusing or RefuseForm(),
            "attempts": attempts_of(order),
            "waits_for": waiting_places(order) if order.state == Order.State.READY else [],
            "withdrawable": _withdrawable(order),
            "impossibles": unavailable_lines_of(order),
            "may_be_impossible": may_be_unavailable(order),
            "withdrawals": order.withdrawals.prefetch_related("parts__line", "parts__back", "credits__note"),
        }
        wrong = form.errors or (refusing and refusing.errors)
        return render(request, "billing/workflows/console/order.html", context, status=422 if wrong else 200)


def _withdrawable(order: Order) -> bool:
    """Return whether something of it may be withdrawn from, be it told late, by who may have that right."""
    return (order.is_consumer_protected or order.is_capacity_unknown) and bool(
        choices(order, received_on=order.confirmed_on)
    )


def _address(tenant: Tenant | None) -> str:
    return tenant_url(tenant) if tenant else ""


class CancelOrder(OrderPage):
    """Cancel an order that was not paid in time."""

    def get(self, request: ConsoleRequest, order_id: UUID) -> HttpResponse:
        """Return the order."""
        return super().get(request, order_id)

    def post(self, request: ConsoleRequest, order_id: UUID) -> HttpResponse:
        """Cancel it, or say why not."""
        order = get_object_or_404(Order, pk=order_id)
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self.page(request, order_id, form)
        try:
            cancelled = cancel_order(
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
        if was_credited_before(cancelled):
            text = _("Cancelled, and the buyer was told.")
        return done(request, text, "billing:order", order.pk)


class HoldOrder(OrderPage):
    """Put a pending order on hold while its client owes something overdue."""

    def get(self, request: ConsoleRequest, order_id: UUID) -> HttpResponse:
        """Return the order."""
        return super().get(request, order_id)

    def post(self, request: ConsoleRequest, order_id: UUID) -> HttpResponse:
        """Hold it, or say why not."""
        order = get_object_or_404(Order, pk=order_id)
        try:
            hold_order(order_id=order.pk, by=request.person, now=timezone.now(), today=request.today)
        except NothingOverdue:
            text = _("It isn’t pending, or its client owes nothing overdue.")
            return problem(request, text, "billing:order", order.pk)
        text = _("On hold. It goes on by itself once nothing is overdue.")
        return done(request, text, "billing:order", order.pk)


class PayByTransfer(OrderPage):
    """Let an order be paid by transfer instead of the cheque that was chosen."""

    def get(self, request: ConsoleRequest, order_id: UUID) -> HttpResponse:
        """Return the order."""
        return super().get(request, order_id)

    def post(self, request: ConsoleRequest, order_id: UUID) -> HttpResponse:
        """Change it and credit the fee, or say why not."""
        order = get_object_or_404(Order, pk=order_id)
        told: dict[str, Any] = {"by": request.person, "now": timezone.now(), "today": request.today}
        try:
            change_method(order_id=order.pk, method=TRANSFER, **told)
        except MethodRefused:
            text = _(
                "It can’t be paid by transfer: something came for it, or what it holds doesn’t allow it."
            )
            return problem(request, text, "billing:order", order.pk)
        text = _("By transfer. The fee for the cheque was credited.")
        return done(request, text, "billing:order", order.pk)


class RefuseOrder(OrderPage):
    """Refuse an order that was placed, or cancel one sold at a manifestly wrong price.

    The client is told why.
    """

    def get(self, request: ConsoleRequest, order_id: UUID) -> HttpResponse:
        """Return the order."""
        return super().get(request, order_id)

    def post(self, request: ConsoleRequest, order_id: UUID) -> HttpResponse:
        """Take it back, or say why not."""
        order = get_object_or_404(Order, pk=order_id)
        form = RefuseForm(request.POST)
        if not form.is_valid():
            return self.page(request, order_id, ReasonForm(), form)
        try:
            refuse_order(
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
