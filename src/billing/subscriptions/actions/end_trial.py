"""End a trial before its end: nothing is invoiced, and what was added to it is given back."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from agenda.actions import close_obligation, enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.orders.models import Order
from billing.subscriptions.actions.end_subscription import end_subscription
from billing.subscriptions.actions.give_back_additions import give_back_additions
from billing.subscriptions.models import Subscription, Trial
from billing.subscriptions.policy.trial import stops_on
from contracts.policy.clauses import keeps


class NotInTrial(Exception):
    """Raised when there is no trial, it was ended before, or it became a term already."""


@transaction.atomic
@keeps("LG-S14.3")
def end_trial(*, subscription_id: UUID, at_once: bool, by: Actor, now: datetime, today: date) -> date:
    """Return the day from which access stops.

    The trial's last day is kept unless the client wants it to stop at once.

    All that was ordered together is tried together, and ends together. Raises NotInTrial.
    """
    order_id = Subscription.objects.get(pk=subscription_id).order_id
    order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
    trials = list(
        Trial.objects.running().filter(subscription__order=order).select_related("subscription__contract")
    )
    days = [stops_on(trial.as_policy, said_on=today, at_once=at_once) for trial in trials]
    if not trials or None in days:
        raise NotInTrial(subscription_id)
    for trial in trials:
        give_back_additions(subscription=trial.subscription, by=by, now=now, today=today)
        _end(trial, at_once, by, now, today)
    close_obligation("LG-S14.3", kind="trial-reminder", subject=order.id, now=now, evidence={"ended": True})
    if at_once:
        close_obligation(
            "LG-S14.3", kind="trial-end", subject=order.id, now=now, evidence={"ended": str(today)}
        )
    else:
        enqueue_message(
            "billing/trial_ended", ids={"order": order.id}, now=now, key=f"trial-ended:{order.id}"
        )
        wake_worker()
    return max(day for day in days if day)


def _end(trial: Trial, at_once: bool, by: Actor, now: datetime, today: date) -> None:
    trial.mark_ended(at=now)
    facts = {"stops_on": str(today if at_once else trial.ends_on)}
    log_action("trial.ended", by=by, on=trial.subscription, at=now, facts=facts)
    if at_once:
        end_subscription(subscription=trial.subscription, on=today, reason="trial", now=now)
