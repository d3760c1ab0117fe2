"""What finance says of the notice of a renewal, or of new terms."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.subscriptions.actions.announce_renewal import note_notice_bounce
from billing.subscriptions.actions.apply_told_renewal import note_bounce_of_terms
from billing.subscriptions.models import RenewalNotice, Subscription
from billing.subscriptions.views.subscriptions import SubscriptionAct, found
from people.requests import ConsoleRequest
from tenants.models import TermsNotice


class NoteNoticeBounce(SubscriptionAct):
    """Say that the notice of a renewal came back."""

    def subscription(self, key: UUID) -> Subscription:
        """Return the subscription that was announced."""
        return found(get_object_or_404(RenewalNotice, pk=key).subscription_id)

    def act(self, request: ConsoleRequest, subscription: Subscription, key: UUID) -> HttpResponse:
        """Keep it, and announce the renewal again. What has not left can't have come back: 404."""
        notice = RenewalNotice.objects.told().filter(pk=key).first()
        if notice is None:
            raise Http404
        note_notice_bounce(notice=notice, by=request.person, now=timezone.now())
        return self.done(request, subscription, _("Kept: it announced nothing, and a new e-mail leaves now."))


class NoteTermsBounce(SubscriptionAct):
    """Say that the notice of new terms came back."""

    def subscription(self, key: UUID) -> Subscription:
        """Return the subscription whose client was told."""
        notice = get_object_or_404(TermsNotice, pk=key)
        return found(get_object_or_404(Subscription, contract=notice.contract_id).pk)

    def act(self, request: ConsoleRequest, subscription: Subscription, key: UUID) -> HttpResponse:
        """Keep it, and tell the client again. What has not left can't have come back: 404."""
        notice = TermsNotice.objects.told().filter(pk=key).first()
        if notice is None:
            raise Http404
        note_bounce_of_terms(
            subscription=subscription,
            notice=notice,
            by=request.person,
            now=timezone.now(),
            today=request.today,
        )
        return self.done(request, subscription, _("Kept: it announced nothing, and a new e-mail leaves now."))
