"""What finance does about the next term: its quote in one click, fewer from then on."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.money.views.answers import problem
from billing.subscriptions.actions.change_plan import schedule_plan_change
from billing.subscriptions.forms.plans import PlanForm
from billing.subscriptions.models import Subscription
from billing.subscriptions.queries.plans import plan_of
from billing.subscriptions.views.subscriptions import SubscriptionAct
from people.requests import ConsoleRequest


class SchedulePlanChange(SubscriptionAct):
    """Keep what the client wants fewer of from the next renewal on."""

    def act(self, request: ConsoleRequest, subscription: Subscription, key: UUID) -> HttpResponse:
        """Keep it, or say why not."""
        plan = plan_of(subscription, today=request.today)
        form = PlanForm(request.POST, plan=plan, language="fr", prefix="plan")
        if not form.is_valid() or subscription.ended_on is not None:
            return problem(
                request, _("Write a number for each thing."), "billing:subscription", subscription.pk
            )
        now = {each.counted.key: each.counted for each in plan}
        wanted = {name: count for name, count in form.wanted().items() if count != now[name].next}
        if any(count > now[name].now for name, count in wanted.items()):
            text = _("More of it is an amendment to sign: it is paid for until the end of the term.")
            return problem(request, text, "billing:subscription", subscription.pk)
        schedule_plan_change(subscription, wanted, by=request.person, now=timezone.now(), today=request.today)
        return self.done(request, subscription, _("Kept. It applies from the next renewal on."))
