"""The buyer's subscriptions: what runs, until when, and the button that ends it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.customers.requests import PortalRequest
from billing.customers.views.sign_in import PortalView
from billing.money.forms.fields import ReasonForm
from billing.money.views.answers import done, problem
from billing.payments.models import SavedMethod
from billing.payments.queries.online import OURS
from billing.subscriptions.actions.terminate import NotTerminable, cancel_registrations, terminate_on_notice
from billing.subscriptions.models import Subscription, SubscriptionQuerySet, Termination
from billing.subscriptions.policy.renewal import is_last_term
from billing.subscriptions.policy.termination import (
    notice_ends_on,
    registrations_end_on,
)
from billing.subscriptions.queries.renewals import is_renewal_paid, renewal_options, renewal_taken_back
from billing.subscriptions.queries.shown import subscription_shown
from billing.subscriptions.queries.state import with_state
from billing.subscriptions.queries.subscriptions import (
    access_until_of,
    ended_before,
    profile_of,
    renewal_paid_until,
    terms_in_force,
)
from billing.subscriptions.queries.suspended import stopped_access
from billing.subscriptions.queries.trials import due_days, trial_of
from billing.subscriptions.queries.unserved import may_end_for_event_on
from billing.subscriptions.queries.withdrawable import may_withdraw
from billing.subscriptions.views.subscriptions import error_message
from contracts.labels import day_text
from contracts.models import TermsVersion
from contracts.policy.clauses import keeps
from isolation.policy.guards import guards


class PortalSubscriptionView(PortalView):
    """A page about this buyer's own subscriptions only."""

    @guards("contact")
    def subscriptions(self) -> SubscriptionQuerySet:
        """Return the subscriptions of this buyer's customer."""
        rows = Subscription.objects.filter(customer_id=self.request.contact.customer_id)
        return rows.select_related("product", "contract__tenant", "order", "trial")

    def terms(self, subscription: Subscription) -> TermsVersion | None:
        """Return the terms of sale that hold for what is ordered today."""
        key = subscription.contract.profile_key
        language = self.request.contact.language
        return terms_in_force(key, language, on=self.request.today)

    def details(self, subscription: Subscription) -> dict[str, Any]:
        """Return what the pages of one subscription show."""
        term = subscription.term
        effective_on = notice_ends_on(
            subscription.renewal, received_on=self.request.today, due_days=due_days(subscription)
        )
        word = Termination.objects.filter(subscription=subscription, how__in=Termination.OF_CLIENT).first()
        ended_otherwise = subscription.ended_on and word and word.how != subscription.end_reason
        return {
            "subscription": subscription,
            "term": term,
            "word": None if ended_otherwise else word,
            "is_last": is_last_term(term.ends_on, access_until=access_until_of(subscription.product_id)),
            "stopped": stopped_access(subscription),
            "notices": subscription.notices.told(),
            "today": self.request.today,
            "events": [(event, may_end_for_event_on(event)) for event in subscription.events.all()],
            "unserved_notes": [each.note for each in subscription.unserved_credits.select_related("note")],
            "terms_version": term.terms_version
            and TermsVersion.objects.filter(pk=term.terms_version).first(),
            "effective_on": None if word or subscription.ended_on else effective_on,
            "cancels_on": None if word or subscription.ended_on else self._cancels_on(subscription),
            "destroyed_on": profile_of(subscription.contract).kept_after_end.until(term.ends_on),
            "trial": trial_of(subscription),
            "order": subscription.order,
            "unit": subscription_shown(subscription, term.unit_net_cents),
            "method": SavedMethod.objects.of_customer(subscription.customer_id),
            "is_charged": subscription.method in OURS and not subscription.ended_on,
            "is_renewal_paid": is_renewal_paid(subscription),
            "taken_back": None if subscription.ended_on else renewal_taken_back(subscription),
            "offered": renewal_options(subscription, today=self.request.today),
            "options": [
                option for option in subscription.options.select_related("product") if option.quantity
            ],
            "may_withdraw": may_withdraw(subscription.order, on=self.request.today)
            and not subscription.ended_on,
        }

    def _cancels_on(self, subscription: Subscription) -> date | None:
        """Return the day it ends if all registrations are cancelled today, None where that doesn't end it."""
        may_end = profile_of(subscription.contract).ends_by_registrations
        return registrations_end_on(
            subscription.term.ends_on,
            today=self.request.today,
            may_end=may_end,
            paid_until=renewal_paid_until(subscription),
        )


class PortalCancelRegistrations(PortalSubscriptionView):
    """Cancel all registrations of a contract that ends by it: what follows is said first, then one button."""

    def get(self, request: PortalRequest, subscription_id: UUID) -> HttpResponse:
        """Return what would happen, and the button."""
        subscription = get_object_or_404(self.subscriptions(), pk=subscription_id)
        return self.page("billing/subscriptions/portal/registrations.html", self.details(subscription))

    def post(self, request: PortalRequest, subscription_id: UUID) -> HttpResponse:
        """Take the client's word and confirm it by e-mail."""
        subscription = get_object_or_404(self.subscriptions(), pk=subscription_id)
        details: dict[str, Any] = {"by": request.contact, "now": timezone.now(), "today": request.today}
        try:
            word = cancel_registrations(subscription_id=subscription.pk, **details)
        except NotTerminable as why:
            return problem(request, error_message(why), "billing:portal_subscription", subscription.pk)
        text = _("All registrations are cancelled. Access goes on until %(on)s; an e-mail confirms it.")
        return done(
            request,
            text % {"on": day_text(word.effective_on)},
            "billing:portal_subscription",
            subscription.pk,
        )


class PortalSubscriptions(PortalSubscriptionView):
    """All subscriptions of the customer."""

    def get(self, request: PortalRequest) -> HttpResponse:
        """Return the list."""
        rows = [(row, row.term) for row in with_state(self.subscriptions())]
        return self.page("billing/subscriptions/portal/subscriptions.html", {"rows": rows})


class PortalSubscription(PortalSubscriptionView):
    """One subscription: price, term, what was announced."""

    def get(self, request: PortalRequest, subscription_id: UUID) -> HttpResponse:
        """Return the page."""
        subscription = get_object_or_404(self.subscriptions(), pk=subscription_id)
        return self.page("billing/subscriptions/portal/subscription.html", self.details(subscription))


class PortalTerminate(PortalSubscriptionView):
    """End a subscription: what follows is said first, then one button."""

    def get(self, request: PortalRequest, subscription_id: UUID) -> HttpResponse:
        """Return what would happen, and the button."""
        subscription = get_object_or_404(self.subscriptions(), pk=subscription_id)
        form = ReasonForm(prefix="word")
        form.fields["reason"].required = False
        return self.page(
            "billing/subscriptions/portal/terminate.html", self.details(subscription) | {"form": form}
        )

    @keeps("LG-S20.2")
    def post(self, request: PortalRequest, subscription_id: UUID) -> HttpResponse:
        """Take the buyer's word and confirm it by e-mail."""
        subscription = get_object_or_404(self.subscriptions(), pk=subscription_id)
        now = timezone.now()
        reason = request.POST.get("word-reason", "")[:500]
        details: dict[str, Any] = {
            "how": "button",
            "received_at": now,
            "by": request.contact,
            "now": now,
            "reason": reason,
        }
        try:
            word = terminate_on_notice(subscription_id=subscription.pk, **details)
        except NotTerminable as why:
            return problem(request, error_message(why), "billing:portal_subscription", subscription.pk)
        text = _(
            "Your termination is received. It takes effect on %(on)s; the confirmation leaves by e-mail."
        )
        subscription.refresh_from_db()
        if ended_before(subscription, word):
            text = _("Your termination is received; the confirmation leaves by e-mail.")
        return done(
            request,
            text % {"on": day_text(word.effective_on)},
            "billing:portal_subscription",
            subscription.pk,
        )
