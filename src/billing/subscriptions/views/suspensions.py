"""Finance's acts about suspensions: stop access, follow its messages, give access back, or end it all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.collections.actions.suspend import NotSuspendable, lift, suspend_for
from billing.collections.actions.warn import note_bounce, note_told_bounce
from billing.collections.models import Suspension
from billing.collections.queries.suspensions import closing_beside
from billing.money.views.answers import problem
from billing.subscriptions.actions.terminate import terminate_suspended
from billing.subscriptions.forms.subscriptions import SuspendForm
from billing.subscriptions.models import Subscription
from billing.subscriptions.views.subscriptions import SubscriptionAct, found, page
from people.requests import ConsoleRequest


class EndSuspended(SubscriptionAct):
    """Terminate after a suspension nobody remedied."""

    def act(self, request: ConsoleRequest, subscription: Subscription, key: UUID) -> HttpResponse:
        """End it today."""
        details: dict[str, Any] = {"by": request.person, "now": timezone.now(), "today": request.today}
        terminate_suspended(subscription_id=subscription.pk, **details)
        return self.done(request, subscription, _("Terminated. What is unpaid is due at once."))


class SuspendNow(SubscriptionAct):
    """Stop access for another reason than money."""

    def act(self, request: ConsoleRequest, subscription: Subscription, key: UUID) -> HttpResponse:
        """Suspend, or say what is missing."""
        form = SuspendForm(request.POST, prefix="suspend")
        tenant = subscription.contract.tenant
        if not form.is_valid() or tenant is None:
            return page(request, subscription, suspend_form=form)
        try:
            row = suspend_for(
                tenant=tenant,
                customer=subscription.customer,
                by=request.person,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except NotSuspendable:
            text = _("Access isn’t open, this was told already, or the contract never stops access for it.")
            form.add_error("cause", text)
            return page(request, subscription, suspend_form=form)
        if row.at_once:
            return self.done(request, subscription, _("Access is suspended; the customer is told."))
        text = _("The e-mail leaves now. Access stops once the contract’s delay has run from its leaving.")
        return self.done(request, subscription, text)


class SuspensionAct(SubscriptionAct):
    """Something done to a suspension."""

    def subscription(self, key: UUID) -> Subscription:
        """Return a subscription of the suspended tenant."""
        stopped = self.suspension(key)
        rows = Subscription.objects.of_tenant(stopped.tenant_id)
        own = rows.filter(customer_id=stopped.customer_id)
        row = (own if own.exists() else rows).order_by("ended_on", "-activated_on").first()
        if row is None:
            raise Http404
        return found(row.pk)

    def suspension(self, key: UUID) -> Suspension:
        """Return the suspension, remedied or not: a message about it may turn out never to have come."""
        return get_object_or_404(Suspension, pk=key)


class LiftSuspension(SuspensionAct):
    """Say that the cause is fully remedied."""

    def act(self, request: ConsoleRequest, subscription: Subscription, key: UUID) -> HttpResponse:
        """Give access back unless another cause stands."""
        row = get_object_or_404(Suspension, pk=key, lifted_at=None)
        if row.invoice_id:
            text = _("It is lifted by the full payment of its invoice.")
            return problem(request, text, "billing:subscription", subscription.pk)
        if lift(suspension=row, by=request.person, now=timezone.now()):
            return self.done(request, subscription, _("Access is open again."))
        if closing_beside(row).exists():
            return self.done(request, subscription, _("Kept. Another cause still stands."))
        return self.done(request, subscription, _("Kept: nothing had been closed for it."))


class NoteMessageBounce(SuspensionAct):
    """Say that the message that access has been suspended came back."""

    def act(self, request: ConsoleRequest, subscription: Subscription, key: UUID) -> HttpResponse:
        """Write it anew: the days after which the contract may end run from its leaving."""
        row = get_object_or_404(Suspension, pk=key, bounced_at=None, suspended_at__isnull=False)
        note_told_bounce(suspension=row, by=request.person, now=timezone.now())
        return self.done(request, subscription, _("The message leaves anew; its days begin again."))


class NoteBounce(SuspensionAct):
    """Say that the notice bounced."""

    def act(self, request: ConsoleRequest, subscription: Subscription, key: UUID) -> HttpResponse:
        """Keep it: no clock runs from a notice that never arrived."""
        note_bounce(suspension=self.suspension(key), by=request.person, now=timezone.now())
        return self.done(request, subscription, _("Kept: no clock runs from this notice."))
