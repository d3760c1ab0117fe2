"""Paying online: to the provider's page, back from it, and the provider's own messages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from billing.actions.follow_checkout import follow_checkout
from billing.actions.receive_event import receive_event
from billing.actions.start_checkout import NotOffered, OnItsWay, start_checkout
from billing.gateways.stripe_checkout import (
    BadSignature,
    NotConfigured,
    Unreachable,
    is_configured,
    read_message,
)
from billing.models import Checkout
from billing.views.answers import problem
from billing.views.portal import PortalView


class PayOnline(PortalView):
    """The button that leads to the provider's page."""

    def get(self, request: Any, invoice_id: UUID) -> HttpResponse:
        """Return what can be paid, with the button."""
        invoice = get_object_or_404(self.invoices(), pk=invoice_id)
        return self.page("billing/portal/pay.html", {"invoice": invoice})

    def post(self, request: Any, invoice_id: UUID) -> HttpResponse:
        """Lead there, or say why not."""
        invoice = get_object_or_404(self.invoices(), pk=invoice_id)
        try:
            url = start_checkout(invoice_id=invoice.pk, contact=request.contact, now=timezone.now())
        except OnItsWay:
            text = _("A direct debit for this invoice is on its way: you have nothing to do.")
            return problem(request, text, "billing:portal_invoice", invoice.pk)
        except NotOffered:
            text = _("This invoice can’t be paid online: see how to pay it below.")
            return problem(request, text, "billing:portal_invoice", invoice.pk)
        except (NotConfigured, Unreachable):
            text = _("The payment page doesn’t answer at the moment. Nothing was charged: try again in a few minutes.")
            return problem(request, text, "billing:portal_invoice", invoice.pk)
        return self.page("billing/portal/leaving.html", {"invoice": invoice, "url": url})


class Paid(PortalView):
    """Back from the provider's page: what came of it."""

    def get(self, request: Any, checkout_id: UUID) -> HttpResponse:
        """Return the page; the provider is asked, whether its message came or not."""
        mine = Checkout.objects.filter(invoice__customer_id=request.contact.customer_id)
        checkout = get_object_or_404(mine.select_related("invoice"), pk=checkout_id)
        if is_configured() and not checkout.is_settled and (checkout.session_id or checkout.intent_id):
            try:
                checkout = follow_checkout(checkout_id=checkout.pk, now=timezone.now(), today=request.today)
            except Unreachable:
                checkout.refresh_from_db()
        invoice = self.invoices().get(pk=checkout.invoice_id)
        return self.page("billing/portal/paid.html", {"checkout": checkout, "invoice": invoice})


@method_decorator(csrf_exempt, name="dispatch")
class StripeHook(View):
    """The door of the provider's messages: anyone may knock, the signature over the raw body lets in."""

    right = "anyone"
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the message's names once, and answer at once."""
        try:
            message = read_message(request.body, request.headers.get("Stripe-Signature", ""))
        except BadSignature:
            return HttpResponse(status=400)
        receive_event(message=message, now=timezone.now())
        return HttpResponse(status=200)
