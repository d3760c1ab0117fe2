"""What finance does about the next term: its quote in one click, fewer from then on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.actions.change_plan import put_off
from billing.actions.order_again import NotAgain, quote_again
from billing.forms.plans import PlanForm
from billing.models import Subscription
from billing.queries.plans import plan_of
from billing.views.answers import done, problem
from billing.views.refusals import REFUSED, refusal
from billing.views.subscriptions import Act


class PrepareRenewal(Act):
    """Write the quote by which a subscription goes on."""

    def act(self, request: Any, subscription: Subscription, key: UUID) -> HttpResponse:
        """Write it, or say why not."""
        told = {"by": request.person, "now": timezone.now(), "today": request.today}
        try:
            version = quote_again(subscription_id=subscription.pk, quantity=None, contact=None, **told)
        except NotAgain:
            text = _(
                "Nothing to renew yet: its end was not announced, it goes on already, or its data are gone."
            )
            return problem(request, text, "billing:subscription", subscription.pk)
        except REFUSED as why:
            return problem(request, refusal(why)[1], "billing:subscription", subscription.pk)
        return done(request, _("The quote is written. Read it, then send it."), "billing:quote", version.pk)


class PutOff(Act):
    """Keep what the client wants fewer of from the next renewal on."""

    def act(self, request: Any, subscription: Subscription, key: UUID) -> HttpResponse:
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
        put_off(subscription, wanted, by=request.person, now=timezone.now(), today=request.today)
        return self.done(request, subscription, _("Kept. It applies from the next renewal on."))
