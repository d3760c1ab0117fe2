"""Record an event nobody could help, while it lasts, and what it means for a subscription."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from agenda.actions import close_obligation, enqueue_message, open_obligation
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.collections.actions.apply_debt_standing import apply_debt_standing
from billing.invoicing.models import Invoice
from billing.money.policy.days import within_day
from billing.orders.actions.mark_cancellable import see_to_cancellable_again
from billing.orders.models import Order
from billing.subscriptions.actions.refund_unserved import refund_unserved
from billing.subscriptions.models import ForceMajeure, Subscription, Termination
from billing.subscriptions.policy.termination import is_within_contract
from billing.subscriptions.queries.subscriptions import orders_of, runs_from
from billing.subscriptions.queries.unserved import may_end_for_event_on
from contracts.policy.clauses import keeps


class NotWithinContract(Exception):
    """Raised when an event would begin before the contract or after it, or end before it began."""


class FoundedEnd(Exception):
    """Raised when what is said of an event would leave an end that stands on it without its ground.

    `on` is the day the subscription ended.
    """

    def __init__(self, on: date) -> None:
        super().__init__(str(on))
        self.on = on


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What is known of an event: since when, until when, and which obligations it suspends."""

    reason: str
    started_on: date
    ended_on: date | None = None
    suspends_service: bool = True
    suspends_payment: bool = True


@transaction.atomic
@keeps("LG-S20.3m")
def start_force_majeure(
    *, subscription: Subscription, facts: EventFacts, by: Actor, now: datetime
) -> ForceMajeure:
    """Return the event; the client is told without delay, and both sides may end after 30 days.

    What it suspends is held back from now on. Raises NotWithinContract.
    """
    _check(subscription, facts)
    event = ForceMajeure(subscription=subscription, notified_at=now, created_at=now)
    _write(event, facts)
    about = {"started_on": str(facts.started_on)} | _suspended(facts)
    log_action("force_majeure.begun", by=by, on=subscription, at=now, facts=about)
    _tell("billing/force_majeure", event, now, "")
    follow_event(event, now)
    return event


@transaction.atomic
@keeps("LG-S20.3m")
def correct_force_majeure(
    *, event: ForceMajeure, facts: EventFacts, by: Actor, now: datetime, today: date
) -> list[Invoice]:
    """Return the credit notes of the days it now shows not to have been served; the client is told again.

    What was held back follows. Raises NotWithinContract, FoundedEnd.
    """
    _check(event.subscription, facts)
    before = str(event.started_on)
    _write(event, facts)
    _check_end(event.subscription)
    about = {"from": before, "started_on": str(facts.started_on), "ended_on": str(facts.ended_on)}
    log_action(
        "force_majeure.corrected", by=by, on=event.subscription, at=now, facts=about | _suspended(facts)
    )
    is_over = event.ended_on is not None
    _tell(
        "billing/force_majeure_over" if is_over else "billing/force_majeure",
        event,
        now,
        f":{now.isoformat()}",
    )
    follow_event(event, now)
    return refund_unserved(subscription=event.subscription, by=by, now=now, today=today)


@transaction.atomic
@keeps("LG-S20.3m")
def end_force_majeure(
    *, event: ForceMajeure, ended_on: date, by: Actor, now: datetime, today: date
) -> list[Invoice]:
    """Return the credit notes of the days not served, the event over and the client told.

    `ended_on` is the first day served again; said once more, it corrects what was said. Of an event of no
    more than the profile's days (30) nothing is credited. Raises NotWithinContract, FoundedEnd.
    """
    if ended_on <= event.started_on:
        raise NotWithinContract
    before = event.ended_on
    event.end(on=ended_on)
    _check_end(event.subscription)
    about = {"ended_on": str(ended_on)} | ({"from": str(before)} if before else {})
    log_action("force_majeure.ended", by=by, on=event.subscription, at=now, facts=about)
    _tell("billing/force_majeure_over", event, now, f":{now.isoformat()}")
    follow_event(event, now)
    return refund_unserved(subscription=event.subscription, by=by, now=now, today=today)


def _check(subscription: Subscription, facts: EventFacts) -> None:
    period = (runs_from(subscription), subscription.ended_on or subscription.term.ends_on)
    if not is_within_contract(facts.started_on, facts.ended_on, contract=period):
        raise NotWithinContract


def _check_end(subscription: Subscription) -> None:
    """Refuse what would leave the end of a subscription for an event without an event that allowed it."""
    ended_on = subscription.ended_on
    if ended_on is None or subscription.end_reason != Termination.Ground.FORCE_MAJEURE:
        return
    events = subscription.events.filter(Q(ended_on=None) | Q(ended_on__gte=ended_on))
    if not any(may_end_for_event_on(event) <= ended_on for event in events):
        raise FoundedEnd(ended_on)


def _write(event: ForceMajeure, facts: EventFacts) -> None:
    event.reason = facts.reason
    event.started_on = facts.started_on
    event.ended_on = facts.ended_on
    event.suspends_service = facts.suspends_service
    event.suspends_payment = facts.suspends_payment
    event.save()


def _suspended(facts: EventFacts) -> dict[str, bool]:
    return {"service": facts.suspends_service, "payment": facts.suspends_payment}


def _tell(template: str, event: ForceMajeure, now: datetime, when: str) -> None:
    key = f"{template.removeprefix('billing/').replace('_', '-')}:{event.id}{when}"
    enqueue_message(template, ids={"event": event.id}, now=now, key=key)
    wake_worker()


def _await(event: ForceMajeure, now: datetime) -> None:
    """Note the day from which it may be terminated for, while it lasts."""
    evidence = {"started_on": str(event.started_on), "ended_on": str(event.ended_on)}
    close_obligation("LG-S20.3m", kind="terminable", subject=event.id, now=now, evidence=evidence)
    if event.ended_on is not None:
        return
    day = may_end_for_event_on(event)
    open_obligation(
        "LG-S20.3m",
        kind="terminable",
        subject=event.id,
        **within_day(day, now=now),
        now=now,
        occurrence=f"{day}/{now:%Y%m%dT%H%M%S%f}",
        tenant_id=event.subscription.contract.tenant_id,
    )


def follow_event(event: ForceMajeure, now: datetime) -> None:
    """Bring to what stands now: the day it may be terminated, and all that it holds back.

    Of a contract that ended it lasts no longer than that.
    """
    ended_on = event.subscription.ended_on
    if event.ended_on is None and ended_on is not None:
        event.end(on=max(ended_on, event.started_on + timedelta(days=1)), with_contract=True)
    lasting = event.subscription.events.filter(ended_on=None).exclude(pk=event.pk)
    for each in (event, *lasting):  # one that touches it counts from its first day
        _await(each, now)
    orders = orders_of(event.subscription)
    for invoice in Invoice.objects.invoices().filter(order__in=orders):
        apply_debt_standing(invoice_id=invoice.pk, now=now)
    for order in orders.filter(state=Order.State.AWAITING_PAYMENT):
        see_to_cancellable_again(order=order, now=now)
