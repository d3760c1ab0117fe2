"""Go on by quote: prepare a renewal, renew or begin again in the portal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.customers.requests import PortalRequest
from billing.money.views.answers import done, problem
from billing.quotes.actions.order_renewal import NotRenewable, order_renewal, quote_renewal
from billing.quotes.views.error_messages import REFUSED, error_message
from billing.subscriptions.forms.plans import AgainForm, AskAgainForm
from billing.subscriptions.models import Subscription
from billing.subscriptions.queries.renewals import RenewalOptions, renewal_options
from billing.subscriptions.views.error_messages import order_error_message
from billing.subscriptions.views.portal_plans import NOT_ORDERED
from billing.subscriptions.views.portal_subscriptions import PortalSubscriptionView
from billing.subscriptions.views.subscriptions import SubscriptionAct
from contracts.policy.clauses import keeps
from people.requests import ConsoleRequest


class PrepareRenewal(SubscriptionAct):
    """Write the quote by which a subscription goes on."""

    def act(self, request: ConsoleRequest, subscription: Subscription, key: UUID) -> HttpResponse:
        """Write it, or say why not."""
        details: dict[str, Any] = {"by": request.person, "now": timezone.now(), "today": request.today}
        try:
            version = quote_renewal(subscription_id=subscription.pk, quantity=None, contact=None, **details)
        except NotRenewable:
            text = _(
                "Nothing to renew yet: its end was not announced, it goes on already, or its data are gone."
            )
            return problem(request, text, "billing:subscription", subscription.pk)
        except REFUSED as why:
            return problem(request, error_message(why)[1], "billing:subscription", subscription.pk)
        return done(request, _("The quote is written. Read it, then send it."), "billing:quote", version.pk)


class PortalAgain(PortalSubscriptionView):
    """Renew a fixed term before its end, or begin again what has ended."""

    def get(self, request: PortalRequest, subscription_id: UUID) -> HttpResponse:
        """Return what it costs and when it begins, or say that it can't go on from here."""
        subscription = get_object_or_404(self.subscriptions(), pk=subscription_id)
        return self._page(subscription, None)

    @keeps("LG-S14.2f", "LG-S21.2")
    def post(self, request: PortalRequest, subscription_id: UUID) -> HttpResponse:
        """Order it, or ask for its quote."""
        subscription = get_object_or_404(self.subscriptions(), pk=subscription_id)
        offered = renewal_options(subscription, today=request.today)
        if offered is None:
            return problem(
                request, _("It can’t go on from here."), "billing:portal_subscription", subscription.pk
            )
        form = self._form(subscription, offered, request.POST)
        if not form.is_valid():
            return self._page(subscription, form)
        return (
            self._order(subscription, form) if isinstance(form, AgainForm) else self._ask(subscription, form)
        )

    def _order(self, subscription: Subscription, form: AgainForm) -> HttpResponse:
        request = self.request
        data = form.cleaned_data
        terms = self.terms(subscription)
        if terms is None:
            return problem(
                request, _("It can’t go on from here."), "billing:portal_subscription", subscription.pk
            )
        details: dict[str, Any] = {"contact": request.contact, "now": timezone.now(), "today": request.today}
        try:
            order = order_renewal(
                subscription_id=subscription.pk,
                quantity=data["quantity"],
                method=data["method"],
                terms_version=terms.pk,
                without=form.without(),
                **details,
            )
        except NotRenewable:
            return problem(
                request, _("It can’t go on from here."), "billing:portal_subscription", subscription.pk
            )
        except NOT_ORDERED as why:
            form.add_error(None, order_error_message(why))
            return self._page(subscription, form)
        return done(
            request, _("Thank you. It goes on as soon as it is paid."), "billing:portal_order", order.pk
        )

    def _ask(self, subscription: Subscription, form: AskAgainForm) -> HttpResponse:
        request = self.request
        try:
            quote_renewal(
                subscription_id=subscription.pk,
                quantity=form.cleaned_data["quantity"],
                contact=request.contact,
                by=request.contact,
                now=timezone.now(),
                today=request.today,
                without=form.without(),
            )
        except NotRenewable:
            return problem(
                request, _("It can’t go on from here."), "billing:portal_subscription", subscription.pk
            )
        text = _("Thank you. We prepare the quote and send it to you by e-mail.")
        return done(request, text, "billing:portal_subscription", subscription.pk)

    def _form(
        self, subscription: Subscription, offered: RenewalOptions, data: Any = None
    ) -> AgainForm | AskAgainForm:
        details: dict[str, Any] = {
            "initial": {"quantity": offered.quantity},
            "options": offered.options,
            "language": self.request.contact.language,
        }
        if offered.is_quoted:
            return AskAgainForm(data, **details)
        wanted = (
            int(data["quantity"]) if data and str(data.get("quantity", "")).isdigit() else offered.quantity
        )
        left = {each.product.pk for each in offered.options if data and each.product.key not in data}
        methods = offered.methods(subscription.product, wanted, subscription.term.currency, without=left)
        return AgainForm(data, methods=methods, **details)

    def _page(self, subscription: Subscription, form: Any) -> HttpResponse:
        offered = renewal_options(subscription, today=self.request.today)
        form = form or (offered and self._form(subscription, offered))
        context = self.details(subscription) | {
            "offered": offered,
            "form": form,
            "terms": self.terms(subscription),
        }
        status = 422 if form is not None and form.errors else 200
        return self.page("billing/quotes/portal/again.html", context, status=status)
