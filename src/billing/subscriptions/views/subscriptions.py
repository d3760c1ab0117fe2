"""Finance's pages about subscriptions: what runs, what will happen when, and what can be done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Max, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from audit.queries import history
from billing.collections.forms.late import FollowForm
from billing.collections.queries.shown import ShownSuspension, suspensions_shown
from billing.collections.queries.suspensions import suspensions_in
from billing.customers.queries.sent import sent_about
from billing.money.forms.fields import DayForm
from billing.money.policy.possible_days import read_day
from billing.money.views.answers import done, problem
from billing.money.views.lists import ListPage
from billing.payments.models import SavedMethod
from billing.subscriptions.actions.terminate import (
    NotTerminable,
    terminate_on_notice,
)
from billing.subscriptions.forms.plans import PlanForm
from billing.subscriptions.forms.subscriptions import (
    ForceMajeureForm,
    LetterForm,
    SuspendForm,
    TerminationForm,
)
from billing.subscriptions.labels import SUBSCRIPTION_WORDS
from billing.subscriptions.models import ForceMajeure, Subscription, Termination, Trial
from billing.subscriptions.policy.forecast import Event
from billing.subscriptions.policy.state import ENDED, RUNNING, SUSPENDED
from billing.subscriptions.queries.forecast import forecast
from billing.subscriptions.queries.plans import plan_of
from billing.subscriptions.queries.renewals import is_renewal_paid, renewal_options
from billing.subscriptions.queries.state import state_of_subscription, with_state
from billing.subscriptions.queries.subscriptions import ended_before, profile_of, terms_notices_of
from billing.subscriptions.queries.suspended import founding_causes, stopped_access
from billing.subscriptions.queries.unserved import may_end_for_event_on, unserved_shown
from contracts.labels import day_text
from people.requests import ConsoleRequest

YEAR = timedelta(days=400)

STATES = tuple((state, SUBSCRIPTION_WORDS[state][0]) for state in (RUNNING, SUSPENDED, ENDED))

REFUSALS = {
    "fixed": gettext_lazy("A fixed term ends by itself; before that only for a breach or force majeure."),
    "late": gettext_lazy("It was received on the renewal day or later: the next term has begun."),
    "ended": gettext_lazy("This subscription has ended already."),
    "terminated": gettext_lazy("It was terminated already."),
    "not-presented": gettext_lazy("The letter has not been presented yet: the 15 days have not begun."),
    "remedied": gettext_lazy("The breach was remedied in time."),
    "too-early": gettext_lazy("It is too early: from %(on)s only."),
    "not-suspended": gettext_lazy("Access is not suspended."),
    "not-own": gettext_lazy(
        "Another subscription’s invoice stops access here: this one owes nothing and can’t be ended for it."
    ),
    "not-told": gettext_lazy("The message that access is suspended has not left yet: no day runs."),
    "over": gettext_lazy("The event is over."),
}


def error_message(why: NotTerminable) -> str:
    """Return in words why a subscription can't be terminated that way, and from when it could."""
    text = str(REFUSALS[why.code])
    return text % {"on": day_text(why.on)} if why.code == "too-early" and why.on else text


class SubscriptionList(ListPage[Any]):
    """All subscriptions, the next to end or renew first."""

    permission = "orders.write"
    template_name = "billing/subscriptions/console/subscriptions.html"
    searched = (
        "customer__name",
        "contract__tenant__name",
        "contract__tenant__slug",
        "product__key",
        "product__name_fr",
        "product__name_en",
        "order__number",
    )
    sorts = {"customer": "customer__name", "ends": "term_ends_on", "since": "activated_on"}
    first_sort = "ends"
    csv_name = "abonnements"

    def rows(self) -> QuerySet[Any]:
        """Return the subscriptions with the end of their last term."""
        rows = Subscription.objects.select_related("customer", "product", "contract__tenant", "trial")
        return with_state(rows.annotate(term_ends_on=Max("terms__ends_on")))

    def filtered(self, rows: QuerySet[Any], state: str) -> QuerySet[Any]:
        """Return what runs, what runs while access to it is stopped, or what has ended."""
        if state == ENDED:
            return rows.exclude(ended_on=None)
        return rows.filter(ended_on=None, is_suspended=state == SUSPENDED)

    def states(self) -> list[tuple[str, Any]]:
        """Return the states."""
        return list(STATES)

    def header(self) -> list[Any]:
        """Return the header of the CSV."""
        return [
            _("Customer"),
            _("School"),
            _("Product"),
            _("Since"),
            _("Term ends on"),
            _("Renewal"),
            _("Ended on"),
            _("State"),
        ]

    def line(self, row: Any) -> Iterable[Any]:
        """Return a subscription's cells."""
        tenant = row.contract.tenant
        return [
            row.customer.name,
            tenant.name if tenant else "",
            row.product.key,
            row.activated_on,
            row.term_ends_on,
            row.get_renewal_display(),
            row.ended_on,
            SUBSCRIPTION_WORDS[state_of_subscription(row)][0],
        ]


def found(subscription_id: UUID) -> Subscription:
    """Return a subscription, or answer that there is none."""
    rows = Subscription.objects.select_related("customer", "product", "contract__tenant", "order")
    return get_object_or_404(rows, pk=subscription_id)


def page(request: ConsoleRequest, subscription: Subscription, **forms_in_use: forms.Form) -> HttpResponse:
    """Return a subscription's page, with the forms that were filled in wrong."""
    tenant = subscription.contract.tenant
    until = _day(request.GET.get("until", ""), request.today + YEAR)
    today = request.today
    context = {
        "subscription": subscription,
        "customer": subscription.customer,
        "tenant": tenant,
        "today": today,
        "term": subscription.term,
        "terms": subscription.terms.select_related("order"),
        "notices": subscription.notices.with_leaving(),
        "terms_notices": terms_notices_of(subscription),
        "rules": profile_of(subscription.contract),
        "word": Termination.objects.filter(subscription=subscription).first(),
        "letters": subscription.letters.all(),
        "events": [(event, _may_end(event, today)) for event in subscription.events.all()],
        "trial": Trial.objects.filter(subscription=subscription).first(),
        "method": SavedMethod.objects.of_customer(subscription.customer_id),
        "suspensions": _suspensions(subscription),
        "stopped": stopped_access(subscription),
        "founding": {row.pk for row in founding_causes(subscription)},
        "unserved": unserved_shown(subscription, today=today),
        "until": until,
        "forecast": _forecast(subscription, today, until),
        "sent": sent_about(subscription.pk),
        "entries": history(on=subscription.pk),
        "word_form": TerminationForm(now=timezone.now(), prefix="word"),
        "letter_form": LetterForm(today=today, prefix="letter"),
        "event_form": ForceMajeureForm(today=today, prefix="event"),
        "suspend_form": SuspendForm(prefix="suspend"),
        "end_form": DayForm(today=today, prefix="end"),
        "follow_form": FollowForm(prefix="follow"),
        "is_renewal_paid": is_renewal_paid(subscription),
        "offered": renewal_options(subscription, today=today),
        "options": subscription.options.select_related("product"),
        "plan_form": PlanForm(plan=plan_of(subscription, today=today), language="fr", prefix="plan"),
    }
    wrong = any(form.errors for form in forms_in_use.values())
    return render(
        request,
        "billing/subscriptions/console/subscription.html",
        context | forms_in_use,
        status=422 if wrong else 200,
    )


def _suspensions(subscription: Subscription) -> list[ShownSuspension]:
    tenant = subscription.contract.tenant
    if tenant is None:
        return []
    return suspensions_shown(
        suspensions_in(tenant, subscription.customer_id).select_related("invoice", "customer")
    )


def _may_end(event: ForceMajeure, today: date) -> bool:
    """Return whether either side may end the subscription for an event today."""
    return event.ended_on is None and today >= may_end_for_event_on(event)


def _forecast(subscription: Subscription, today: date, until: date) -> list[Event]:
    tenant = subscription.contract.tenant
    customer_id = subscription.customer_id
    return forecast(tenant, today=today, until=until, customer_id=customer_id) if tenant else []


def _day(text: str, otherwise: date) -> date:
    return read_day(text) or otherwise


class SubscriptionPage(View):
    """One subscription: its terms, what was told, what stands against it, and what comes."""

    permission = "orders.write"

    def get(self, request: ConsoleRequest, subscription_id: UUID) -> HttpResponse:
        """Return the page; `until` moves the end of what is foretold."""
        return page(request, found(subscription_id))


class SubscriptionAct(View):
    """Something finance does to a subscription; its form stands on the subscription's page."""

    permission = "orders.write"

    def get(self, request: ConsoleRequest, **named: UUID) -> HttpResponse:
        """Return the subscription, where the act is."""
        (key,) = named.values()
        return page(request, self.subscription(key))

    def post(self, request: ConsoleRequest, **named: UUID) -> HttpResponse:
        """Do it, or say why not."""
        (key,) = named.values()
        subscription = self.subscription(key)
        try:
            return self.act(request, subscription, key)
        except NotTerminable as why:
            return problem(request, error_message(why), "billing:subscription", subscription.pk)

    def subscription(self, key: UUID) -> Subscription:
        """Return the subscription the key leads to."""
        return found(key)

    def act(self, request: ConsoleRequest, subscription: Subscription, key: UUID) -> HttpResponse:
        """Return the answer after the act."""
        raise NotImplementedError

    def done(self, request: ConsoleRequest, subscription: Subscription, text: str) -> HttpResponse:
        """Return to the page with the good news."""
        return done(request, text, "billing:subscription", subscription.pk)


class RecordTermination(SubscriptionAct):
    """Write down a termination that came by e-mail."""

    def act(self, request: ConsoleRequest, subscription: Subscription, key: UUID) -> HttpResponse:
        """Keep it with its time of receipt."""
        form = TerminationForm(request.POST, now=timezone.now(), prefix="word")
        if not form.is_valid():
            return page(request, subscription, word_form=form)
        word = terminate_on_notice(
            subscription_id=subscription.pk,
            how="email",
            by=request.person,
            now=timezone.now(),
            **form.cleaned_data,
        )
        subscription.refresh_from_db()
        text = _("Kept: it takes effect on %(on)s.") % {"on": day_text(word.effective_on)}
        if ended_on := ended_before(subscription, word):
            text = _("Kept: it had ended on %(on)s.") % {"on": day_text(ended_on)}
        return self.done(request, subscription, text)
