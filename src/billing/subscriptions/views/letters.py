"""Finance's acts about registered letters: what was sent, what became of it, the end for a breach."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from billing.collections.actions.record_registered_letter import (
    DatesDisagree,
    NumberKnown,
    record_registered_letter,
    update_letter_tracking,
)
from billing.collections.forms.late import FollowForm
from billing.collections.models import RegisteredLetter
from billing.subscriptions.actions.terminate import terminate_for_breach
from billing.subscriptions.forms.subscriptions import LetterForm
from billing.subscriptions.models import Subscription
from billing.subscriptions.views.subscriptions import SubscriptionAct, found, page
from people.requests import ConsoleRequest


class WriteLetter(SubscriptionAct):
    """Write down a registered letter."""

    def act(self, request: ConsoleRequest, subscription: Subscription, key: UUID) -> HttpResponse:
        """Keep its number and its day."""
        form = LetterForm(request.POST, today=request.today, prefix="letter")
        if not form.is_valid():
            return page(request, subscription, letter_form=form)
        data = form.cleaned_data
        try:
            record_registered_letter(
                purpose=data["purpose"],
                number=data["number"],
                sent_on=data["on"],
                reason=data["reason"],
                subscription_id=subscription.pk,
                by=request.person,
                now=timezone.now(),
            )
        except NumberKnown:
            form.add_error("number", _("A letter of this number is kept already."))
            return page(request, subscription, letter_form=form)
        return self.done(request, subscription, _("The letter is kept. Say when it was presented."))


class LetterAct(SubscriptionAct):
    """Something done to a letter about a subscription."""

    def subscription(self, key: UUID) -> Subscription:
        """Return the letter's subscription."""
        return found(self.letter(key).subscription_id)  # type: ignore[arg-type]

    def letter(self, key: UUID) -> RegisteredLetter:
        """Return the letter."""
        return get_object_or_404(RegisteredLetter, pk=key, subscription__isnull=False)


class FollowLetter(LetterAct):
    """Say what became of a letter."""

    def act(self, request: ConsoleRequest, subscription: Subscription, key: UUID) -> HttpResponse:
        """Keep its days and its scan."""
        form = FollowForm(request.POST, request.FILES, prefix="follow")
        if not form.is_valid():
            return page(request, subscription, follow_form=form)
        try:
            update_letter_tracking(
                letter=self.letter(key), by=request.person, now=timezone.now(), **form.cleaned_data
            )
        except DatesDisagree:
            form.add_error(
                "presented_on", _("A letter is sent, then presented, then received: check the days.")
            )
            return page(request, subscription, follow_form=form)
        return self.done(request, subscription, _("The letter’s days are kept."))


class LetterScan(View):
    """The scan of a letter."""

    permission = "orders.write"

    def get(self, request: ConsoleRequest, letter_id: UUID) -> FileResponse:
        """Return the PDF."""
        letter = get_object_or_404(RegisteredLetter, pk=letter_id)
        if not letter.scan:
            raise Http404
        response = FileResponse(
            letter.scan.open("rb"), filename=f"{letter.number}.pdf", content_type="application/pdf"
        )
        response.headers["Cache-Control"] = "private, no-store"
        return response


class EndForBreach(LetterAct):
    """Terminate for a breach that was not remedied."""

    def act(self, request: ConsoleRequest, subscription: Subscription, key: UUID) -> HttpResponse:
        """End it today."""
        terminate_for_breach(
            letter=self.letter(key), by=request.person, now=timezone.now(), today=request.today
        )
        return self.done(request, subscription, _("Terminated. What is unpaid is due at once."))
