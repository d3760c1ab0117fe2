"""Events nobody could help: recorded, corrected, over, and the end of a subscription for one that lasts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.customers.requests import PortalRequest
from billing.invoicing.models import Invoice
from billing.money.forms.fields import DayForm
from billing.money.views.answers import done, problem
from billing.subscriptions.actions.force_majeure import (
    EventFacts,
    FoundedEnd,
    NotWithinContract,
    correct_force_majeure,
    end_force_majeure,
    start_force_majeure,
)
from billing.subscriptions.actions.refund_unserved import refund_unserved
from billing.subscriptions.actions.terminate import NotTerminable, terminate_for_force_majeure
from billing.subscriptions.forms.subscriptions import ForceMajeureForm
from billing.subscriptions.models import ForceMajeure, Subscription
from billing.subscriptions.queries.unserved import may_end_for_event_on
from billing.subscriptions.views.portal_subscriptions import PortalSubscriptionView
from billing.subscriptions.views.subscriptions import SubscriptionAct, error_message, found, page
from contracts.labels import day_text
from people.requests import ConsoleRequest


class BeginEvent(SubscriptionAct):
    """Record a case of force majeure."""

    def act(self, request: ConsoleRequest, subscription: Subscription, key: UUID) -> HttpResponse:
        """Keep it and tell the customer."""
        form = ForceMajeureForm(request.POST, today=request.today, prefix="event")
        if not form.is_valid():
            return page(request, subscription, event_form=form)
        facts = EventFacts(**form.facts())
        try:
            start_force_majeure(subscription=subscription, facts=facts, by=request.person, now=timezone.now())
        except NotWithinContract:
            form.add_error("on", _("It begins on a day of the contract."))
            return page(request, subscription, event_form=form)
        return self.done(request, subscription, _("Kept; the customer is told at once."))


class EventAct(SubscriptionAct):
    """Something done to a case of force majeure."""

    def subscription(self, key: UUID) -> Subscription:
        """Return the event's subscription."""
        return found(self.event(key).subscription_id)

    def event(self, key: UUID) -> ForceMajeure:
        """Return the event."""
        return get_object_or_404(ForceMajeure.objects.select_related("subscription__contract"), pk=key)


class CorrectEvent(EventAct):
    """Correct what was written of an event: its day, its words, what it suspends."""

    def act(self, request: ConsoleRequest, subscription: Subscription, key: UUID) -> HttpResponse:
        """Keep it and tell the customer again."""
        event = self.event(key)
        form = ForceMajeureForm(request.POST, today=request.today, prefix="event")
        if not form.is_valid():
            return page(request, subscription, event_form=form)
        facts = EventFacts(**form.facts(event.ended_on))
        details: dict[str, Any] = {"by": request.person, "now": timezone.now(), "today": request.today}
        try:
            notes = correct_force_majeure(event=event, facts=facts, **details)
        except NotWithinContract:
            form.add_error("on", _("It begins on a day of the contract."))
            return page(request, subscription, event_form=form)
        except FoundedEnd as end:
            return problem(request, founded_end_text(end), "billing:subscription", subscription.pk)
        return self.done(
            request, subscription, with_notes(_("Corrected; the customer is told at once."), notes)
        )


class EndEvent(EventAct):
    """Say that an event is over."""

    def act(self, request: ConsoleRequest, subscription: Subscription, key: UUID) -> HttpResponse:
        """Keep the first day served again."""
        form = DayForm(request.POST, today=request.today, prefix="end")
        event = self.event(key)
        if form.is_valid() and form.cleaned_data["on"] <= event.started_on:
            form.add_error("on", _("It ends after the day it began."))
        if not form.is_valid():
            return page(request, subscription, end_form=form)
        details: dict[str, Any] = {"by": request.person, "now": timezone.now(), "today": request.today}
        try:
            notes = end_force_majeure(event=event, ended_on=form.cleaned_data["on"], **details)
        except FoundedEnd as end:
            return problem(request, founded_end_text(end), "billing:subscription", subscription.pk)
        text = _("The event is over; the customer is told at once.")
        return self.done(request, subscription, with_notes(text, notes))


class EndForEvent(EventAct):
    """Terminate for an event that lasts."""

    def act(self, request: ConsoleRequest, subscription: Subscription, key: UUID) -> HttpResponse:
        """End it today."""
        details: dict[str, Any] = {"by": request.person, "now": timezone.now(), "today": request.today}
        terminate_for_force_majeure(event=self.event(key), **details)
        return self.done(request, subscription, _("Terminated. What was not served is credited."))


class CreditUnserved(SubscriptionAct):
    """Credit what is still owed back for days not served: what was invoiced after an event was over."""

    def act(self, request: ConsoleRequest, subscription: Subscription, key: UUID) -> HttpResponse:
        """Credit it and give back what was paid of it."""
        details: dict[str, Any] = {"by": request.person, "now": timezone.now(), "today": request.today}
        notes = refund_unserved(subscription=subscription, **details)
        return self.done(request, subscription, with_notes("", notes) or _("Nothing more is owed back."))


def founded_end_text(end: FoundedEnd) -> str:
    """Return why an event stays as it is: a subscription ended on its strength."""
    text = _(
        "The subscription ended on %(day)s because this event had lasted long enough; with these days it "
        "hadn’t. Keep them, and sell the subscription anew if it shall go on."
    )
    return text % {"day": day_text(end.on)}


def with_notes(text: str, notes: Sequence[Invoice]) -> str:
    """Return what was done, with what was credited for days not served."""
    if not notes:
        return text
    numbers = ", ".join(note.number for note in notes)
    told = _("The days not served are credited, and what was paid of them is given back: %(numbers)s.")
    return " ".join([text, told % {"numbers": numbers}]).strip()


class PortalEndForEvent(PortalSubscriptionView):
    """The buyer ends a subscription for an event that has lasted more than 30 days."""

    def get(self, request: PortalRequest, subscription_id: UUID) -> HttpResponse:
        """Return the subscription, where the act is."""
        subscription = get_object_or_404(self.subscriptions(), pk=subscription_id)
        return self.page("billing/subscriptions/portal/subscription.html", self.details(subscription))

    def post(self, request: PortalRequest, subscription_id: UUID) -> HttpResponse:
        """End it today, or say from when it may be."""
        subscription = get_object_or_404(self.subscriptions(), pk=subscription_id)
        lasting = list(ForceMajeure.objects.filter(subscription=subscription, ended_on=None))
        if not lasting:
            raise Http404
        event = min(lasting, key=may_end_for_event_on)  # of several the one that allows it first
        details: dict[str, Any] = {"by": request.contact, "now": timezone.now(), "today": request.today}
        try:
            terminate_for_force_majeure(event=event, **details)
        except NotTerminable as why:
            return problem(request, error_message(why), "billing:portal_subscription", subscription.pk)
        text = _(
            "Ended. What was not served is credited, and what you paid of it given back; e-mails confirm it."
        )
        return done(request, text, "billing:portal_subscription", subscription.pk)
