"""Record an event nobody could help, while it lasts, and what it means for a subscription."""

from datetime import date, datetime

from django.db import transaction

from agenda.actions import close_obligation, enqueue_message, open_obligation
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.money.policy.days import within_day
from billing.subscriptions.models import ForceMajeure, Subscription
from billing.subscriptions.policy.termination import force_majeure_may_end_on, refund_pro_rata
from contracts.policy.clauses import keeps


@transaction.atomic
@keeps("LG-S20.3m")
def start_force_majeure(
    *, subscription: Subscription, reason: str, started_on: date, by: Actor, now: datetime
) -> ForceMajeure:
    """Return the event; the client is told without delay, and both sides may end after 30 days."""
    event = ForceMajeure.objects.create(
        subscription=subscription, reason=reason, started_on=started_on, notified_at=now, created_at=now
    )
    day = force_majeure_may_end_on(started_on)
    open_obligation(
        "LG-S20.3m",
        kind="terminable",
        subject=event.id,
        **within_day(day, now=now),
        now=now,
        tenant_id=subscription.contract.tenant_id,
    )
    log_action("force_majeure.begun", by=by, on=subscription, at=now, facts={"started_on": str(started_on)})
    enqueue_message(
        "billing/force_majeure", ids={"event": event.id}, now=now, key=f"force-majeure:{event.id}"
    )
    wake_worker()
    return event


@transaction.atomic
@keeps("LG-S20.3m")
def end_force_majeure(*, event: ForceMajeure, ended_on: date, by: Actor, now: datetime) -> ForceMajeure:
    """Return the event, over; `ended_on` is the first day served again."""
    event.ended_on = ended_on
    event.save(update_fields=["ended_on"])
    close_obligation(
        "LG-S20.3m", kind="terminable", subject=event.id, now=now, evidence={"ended_on": str(ended_on)}
    )
    log_action(
        "force_majeure.ended", by=by, on=event.subscription_id, at=now, facts={"ended_on": str(ended_on)}
    )
    return event


@keeps("LG-S20.3m")
def refund_of(subscription: Subscription) -> int:
    """Return what is owed back of the last term for days not served, in cents without VAT.

    An event that ended the subscription takes the rest of its term along.
    """
    term = subscription.term
    unserved = [(event.started_on, event.ended_on or term.ends_on) for event in subscription.events.all()]
    return refund_pro_rata(term.net_cents, starts_on=term.starts_on, ends_on=term.ends_on, unserved=unserved)
