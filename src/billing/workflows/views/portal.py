"""An order in the portal: how to pay, and what happens next."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from billing.customers.requests import PortalRequest
from billing.customers.views.sign_in import PortalView
from billing.fulfilment.queries.withheld import has_parcel, hold_of
from billing.invoicing.queries.credits import cheque_fees_left
from billing.invoicing.queries.portal import invoices_of
from billing.orders.actions.change_method import other_ways
from billing.orders.actions.payment_deadline import PAID_WITHIN
from billing.orders.labels import paid_step
from billing.orders.models import CheckoutSteps, Order, Refusal
from billing.orders.policy.cart import ONLINE
from billing.orders.policy.states import CREDITED, WITHDRAWN
from billing.orders.queries.access import tenants_of
from billing.orders.queries.portal import methods_come, orders_of
from billing.orders.queries.shown import lines_shown
from billing.orders.queries.state import state_of_order
from billing.returns.queries.unavailable import unavailable_lines_of
from billing.returns.queries.withdrawals import may_withdraw, may_withdraw_if_small, replaced_order_of
from billing.subscriptions.models import Subscription
from billing.subscriptions.queries.state import with_state
from billing.workflows.actions.open_access import waiting_places
from tenants.queries import tenant_url


class PortalOrder(PortalView):
    """An order: how to pay, and what happens next."""

    def get(self, request: PortalRequest, order_id: UUID) -> HttpResponse:
        """Return the page."""
        order = get_object_or_404(orders_of(self.request.contact), pk=order_id)
        invoices = list(invoices_of(self.request.contact).filter(order=order))
        unpaid_online = (
            order.state == Order.State.AWAITING_PAYMENT and order.method in ONLINE and not invoices
        )
        ways = [
            way for way in other_ways(order) if way != order.method and (not invoices or way not in ONLINE)
        ]
        came = methods_come(order)
        context = {
            "order": order,
            "steps": CheckoutSteps.objects.filter(order=order).first(),
            "refusal": Refusal.objects.filter(order=order).first(),
            "sheets": order.offer_sheets.all(),
            "lines": order.lines.select_related("site"),
            "shown_lines": lines_shown(order) if order.is_consumer_protected else [],
            "unpaid_online": unpaid_online,
            "fee_goes": any(cheque_fees_left(each) for each in invoices if not each.is_credit_note),
            "other_ways": ways if order.state == Order.State.AWAITING_PAYMENT else [],
            "drops_at": order.confirmed_at + PAID_WITHIN,
            "invoices": invoices,
            "invoice": _asked_now([invoice for invoice in invoices if not invoice.is_credit_note]),
            "cheque": order.allocated_payments()
            .filter(method="cheque", credited_on=None, bounced_on=None)
            .first(),
            "sites": order.sites.all(),
            "hold": hold_of(order, request.today),
            "parcel": has_parcel(order),
            "today": request.today,
            "unpaid": any(each.balance_cents > 0 for each in invoices if not each.is_credit_note),
            "paid_step": paid_step(order.method, came),
            "came": came,
            "amends": order.lines.filter(licences_after__isnull=False).exists(),
            "amended": order.lines.filter(licences_after__isnull=False, added_at__isnull=False).exists(),
            "may_withdraw": may_withdraw(order, on=request.today),
            "may_withdraw_as_small": may_withdraw_if_small(order, on=request.today),
            "replaced": _replaced(order, request.today),
            "impossibles": unavailable_lines_of(order),
            "waits_for": waiting_places(order) if order.state == Order.State.READY else [],
            "withdrawals": order.withdrawals.prefetch_related("parts__line", "parts__back"),
            "schools": _schools(order),
            "is_over": state_of_order(order) in {CREDITED, WITHDRAWN},
        }
        return self.page("billing/workflows/portal/order.html", context)


def _replaced(order: Order, today: date) -> Order | None:
    """Return the order that was paid for what this one replaces, where it can still be withdrawn from."""
    paid = replaced_order_of(order)
    return paid if paid is not None and may_withdraw(paid, on=today) else None


def _schools(order: Order) -> list[tuple[str, str, str, str]]:
    """Return the name and address of each place an order opened, "open", "suspended" or "ended", and who was
    invited there; ended is where nothing of the order runs any more.
    """
    sold = order.lines.exclude(contract_id=None).values("contract_id")
    bought = Subscription.objects.filter(contract__in=sold)
    running = with_state(bought.filter(ended_on=None))
    stopped = set(running.filter(is_suspended=True).values_list("contract__tenant", flat=True))
    alive = set(running.values_list("contract__tenant", flat=True))
    ended = set(bought.exclude(ended_on=None).values_list("contract__tenant", flat=True)) - alive
    states = {**dict.fromkeys(ended, "ended"), **dict.fromkeys(stopped, "suspended")}
    named = {site.tenant_id: site.admin_email for site in order.sites.exclude(admin_email="")}
    return [
        (
            tenant.name,
            tenant_url(tenant),
            states.get(tenant.pk, "open"),
            named.get(tenant.pk, order.contact.email),
        )
        for tenant in tenants_of(order)
    ]


def _asked_now(invoices: list[Any]) -> Any:
    """Return the invoice a client pays now: the oldest of which something is left, else the oldest."""
    oldest = sorted(invoices, key=lambda invoice: (invoice.issued_on, invoice.number))
    return next((each for each in oldest if each.balance_cents > 0), oldest[0] if oldest else None)
