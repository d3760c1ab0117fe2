"""Paying online: to the provider's page, back from it, and the provider's own messages."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from billing.customers.requests import PortalRequest
from billing.customers.views.sign_in import PortalView
from billing.invoicing.queries.portal import invoices_of
from billing.money.views.answers import problem
from billing.orders.actions.start_order_checkout import start_order_checkout
from billing.orders.queries.portal import orders_of
from billing.payments.actions.start_checkout import start_checkout
from billing.payments.gateways.stripe_checkout import (
    BadMessage,
    BadSignature,
    Unreachable,
    is_configured,
    read_message,
)
from billing.payments.models import Checkout
from billing.payments.views.refusals import NOT_LED, why_not_led
from billing.workflows.actions.follow_checkout import follow_checkout
from billing.workflows.actions.receive_webhook import receive_webhook
from people.requests import VisitorRequest


class PayOnline(PortalView):
    """The button that leads to the provider's page."""

    def get(self, request: PortalRequest, invoice_id: UUID) -> HttpResponse:
        """Return what can be paid, with the button."""
        invoice = get_object_or_404(invoices_of(self.request.contact), pk=invoice_id)
        return self.page("billing/workflows/portal/pay.html", {"invoice": invoice})

    def post(self, request: PortalRequest, invoice_id: UUID) -> HttpResponse:
        """Lead there, or say why not."""
        invoice = get_object_or_404(invoices_of(self.request.contact), pk=invoice_id)
        back = ("billing:portal_invoice", invoice.pk)
        try:
            url = start_checkout(invoice_id=invoice.pk, contact=request.contact, now=timezone.now())
        except NOT_LED as error:
            return problem(request, why_not_led(error), *back)
        return self.page("billing/parts/portal_leaving.html", {"number": invoice.number, "url": url})


class PayOrder(PortalView):
    """The button of an order placed online: it is paid first, and its invoice follows."""

    http_method_names = ["post", "options"]

    def post(self, request: PortalRequest, order_id: UUID) -> HttpResponse:
        """Lead to the provider's page, or say why not."""
        order = get_object_or_404(orders_of(self.request.contact), pk=order_id)
        try:
            url = start_order_checkout(order_id=order.pk, contact=request.contact, now=timezone.now())
        except NOT_LED as error:
            return problem(request, why_not_led(error), "billing:portal_order", order.pk)
        return self.page("billing/parts/portal_leaving.html", {"number": order.number, "url": url})


class Paid(PortalView):
    """Back from the provider's page: what came of it."""

    def get(self, request: PortalRequest, checkout_id: UUID) -> HttpResponse:
        """Return the page; the provider is asked, whether its message came or not."""
        customer = request.contact.customer_id
        mine = Checkout.objects.filter(Q(invoice__customer_id=customer) | Q(order__customer_id=customer))
        checkout = get_object_or_404(mine.select_related("invoice", "order"), pk=checkout_id)
        if is_configured() and not checkout.is_settled and (checkout.session_id or checkout.intent_id):
            try:
                checkout = follow_checkout(checkout_id=checkout.pk, now=timezone.now(), today=request.today)
            except Unreachable:
                checkout.refresh_from_db()
        invoice = invoices_of(self.request.contact).filter(checkouts=checkout).first()
        order = (
            orders_of(self.request.contact)
            .filter(Q(checkouts=checkout) | Q(invoices__checkouts=checkout))
            .first()
        )
        context = {"checkout": checkout, "invoice": invoice, "order": order, "label": checkout.label}
        return self.page("billing/workflows/portal/paid.html", context)


@method_decorator(csrf_exempt, name="dispatch")
class StripeWebhook(View):
    """The door of the provider's messages: anyone may knock, the signature over the raw body lets in."""

    permission = "anyone"
    once = False  # the provider names its own messages
    http_method_names = ["post", "options"]

    def post(self, request: VisitorRequest) -> HttpResponse:
        """Keep the message's names once, and answer at once."""
        try:
            message = read_message(request.body, request.headers.get("Stripe-Signature", ""))
        except (BadSignature, BadMessage):
            return HttpResponse(status=400)
        receive_webhook(message=message, now=timezone.now())
        return HttpResponse(status=200)
