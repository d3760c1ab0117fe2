"""The buyer's saved payment method and trial: what is charged when, and the buttons that end it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.customers.requests import PortalRequest
from billing.customers.views.sign_in import PortalView
from billing.money.views.answers import done, problem
from billing.orders.actions.follow_setup import follow_setup
from billing.payments.actions.revoke_method import RevokedAlready, revoke_method
from billing.payments.actions.start_setup import start_setup
from billing.payments.gateways.stripe_checkout import Unreachable, is_configured
from billing.payments.models import MethodSetup, SavedMethod
from billing.payments.views.refusals import NOT_LED, why_not_led
from billing.subscriptions.actions.end_trial import NotInTrial, end_trial
from billing.subscriptions.forms.trial import NOW, EndTrialForm
from billing.subscriptions.models import Subscription
from billing.subscriptions.queries.trials import charged_online, methods_to_save
from billing.subscriptions.views.portal_subscriptions import PortalSubscriptionView
from contracts.labels import day_text
from contracts.policy.clauses import keeps


class PortalMethod(PortalView):
    """The payment method the client saved, and what is charged on it."""

    def get(self, request: PortalRequest) -> HttpResponse:
        """Return the page."""
        return self.page("billing/subscriptions/portal/method.html", self.details())

    def details(self) -> dict[str, Any]:
        """Return what the pages about the method show."""
        customer_id = self.request.contact.customer_id
        return {
            "method": SavedMethod.objects.of_customer(customer_id),
            "charged": charged_online(customer_id),
            "can_save": is_configured() and bool(methods_to_save(customer_id)),
        }


class PortalMethodNew(PortalView):
    """The button that leads to the provider's page, to leave a method or another one."""

    http_method_names = ["post", "options"]

    def post(self, request: PortalRequest) -> HttpResponse:
        """Lead there, or say why not."""
        try:
            methods = methods_to_save(request.contact.customer_id)
            url = start_setup(contact=request.contact, methods=methods, now=timezone.now())
        except NOT_LED as error:
            return problem(request, why_not_led(error), "billing:portal_method")
        return self.page(
            "billing/parts/portal_leaving.html", {"number": request.contact.customer.name, "url": url}
        )


class PortalMethodSaved(PortalView):
    """Back from the provider's page: what came of it."""

    def get(self, request: PortalRequest, setup_id: UUID) -> HttpResponse:
        """Return the page; the provider is asked, whether its message came or not."""
        mine = MethodSetup.objects.filter(customer_id=request.contact.customer_id).select_related(
            "order", "method"
        )
        setup = get_object_or_404(mine, pk=setup_id)
        if is_configured() and not setup.is_settled and setup.session_id:
            try:
                setup = follow_setup(setup_id=setup.pk, now=timezone.now())
            except Unreachable:
                setup.refresh_from_db()
        return self.page(
            "billing/subscriptions/portal/method_saved.html", {"setup": setup, "order": setup.order}
        )


class PortalMethodRevoke(PortalMethod):
    """Take the method back: what follows is said first, then one button."""

    def get(self, request: PortalRequest) -> HttpResponse:
        """Return what would happen, and the button."""
        return self.page("billing/subscriptions/portal/method_revoke.html", self.details())

    def post(self, request: PortalRequest) -> HttpResponse:
        """Charge it no more, and have the provider forget it."""
        method = SavedMethod.objects.of_customer(request.contact.customer_id)
        try:
            if method is not None:
                revoke_method(method_id=method.pk, by=request.contact, now=timezone.now())
        except RevokedAlready:
            method = None
        if method is None:
            return problem(request, _("No payment method is saved."), "billing:portal_method")
        return done(request, _("Done: nothing is charged on it any more."), "billing:portal_method")


class PortalTrial(PortalSubscriptionView):
    """End a trial: what goes and when is said first, then one button."""

    def get(self, request: PortalRequest, subscription_id: UUID) -> HttpResponse:
        """Return what would happen, and the button."""
        return self.form_page(get_object_or_404(self.subscriptions(), pk=subscription_id), None)

    @keeps("LG-S14.3")
    def post(self, request: PortalRequest, subscription_id: UUID) -> HttpResponse:
        """End it: nothing is invoiced."""
        subscription = get_object_or_404(self.subscriptions(), pk=subscription_id)
        now = timezone.now()
        form = EndTrialForm(request.POST, ends_on=subscription.activated_on)
        if not form.is_valid():
            return self.form_page(subscription, form)
        details: dict[str, Any] = {"by": request.contact, "now": now, "today": request.today}
        try:
            on = end_trial(
                subscription_id=subscription.pk, at_once=form.cleaned_data["when"] == NOW, **details
            )
        except NotInTrial:
            text = _("There is no trial to end here: it was ended, or your subscription has begun.")
            return problem(request, text, "billing:portal_subscription", subscription.pk)
        text = _("Your trial is ended: access stops on %(on)s, and nothing is invoiced.") % {
            "on": day_text(on)
        }
        return done(request, text, "billing:portal_subscription", subscription.pk)

    def form_page(self, subscription: Subscription, form: EndTrialForm | None) -> HttpResponse:
        """Return the page with this form, or a new one."""
        shown = form or EndTrialForm(ends_on=subscription.activated_on)
        context = self.details(subscription) | {"form": shown}
        return self.page(
            "billing/subscriptions/portal/trial.html", context, status=422 if shown.errors else 200
        )
