"""Tell a client, in time, when a subscription renews, at which price and under which terms."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from billing.subscriptions.models import RenewalNotice, Subscription, Termination
from billing.subscriptions.queries.subscriptions import options_at_renewal, price_at_renewal, terms_at_renewal
from contracts.policy.clauses import keeps


@transaction.atomic
@keeps("LG-S14.2n")
def announce_renewal(
    *, subscription_id: UUID, renews_on: date, now: datetime, today: date
) -> RenewalNotice | None:
    """Return the notice, its mail in the outbox; None when there is nothing to announce any more.

    A subscription that ended or was terminated isn't announced; a fixed term is told that it ends by itself
    and how to go on. As often as wanted: one notice per renewal day.
    """
    subscription = Subscription.objects.select_for_update().get(pk=subscription_id)
    if subscription.ended_on or Termination.objects.filter(subscription=subscription).exists():
        return None
    term = subscription.term
    key = f"renewal-notice:{subscription.id}:{renews_on}"
    notice, made = RenewalNotice.objects.get_or_create(
        message_key=key,
        defaults={
            "subscription": subscription,
            "renews_on": renews_on,
            "quantity": subscription.next_quantity,
            "currency": term.currency,
            "unit_net_cents": price_at_renewal(subscription, renews_on=renews_on),
            "sent_on": today,
            "options": options_at_renewal(subscription, renews_on=renews_on),
            "terms_version": terms_at_renewal(subscription, renews_on=renews_on),
            "created_at": now,
        },
    )
    if made:
        enqueue_message("billing/renewal_notice", ids={"notice": notice.id}, now=now, key=key)
        facts = {
            "renews_on": str(renews_on),
            "unit_net_cents": notice.unit_net_cents,
            "currency": notice.currency,
        }
        log_action("subscription.renewal_announced", by=None, on=subscription, at=now, facts=facts)
        wake_worker()
    return notice
