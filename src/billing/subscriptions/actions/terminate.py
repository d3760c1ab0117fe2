"""Take somebody's word that ends a subscription: the time it was received counts."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.collections.models import RegisteredLetter
from billing.collections.policy.letters import breach_ends_on
from billing.money.policy.days import day_starts_at, paris_day
from billing.subscriptions.actions.end_subscription import end_subscription
from billing.subscriptions.actions.refund_unserved import refund_unserved
from billing.subscriptions.actions.undo_renewals import undo_renewals
from billing.subscriptions.models import ForceMajeure, Subscription, Termination
from billing.subscriptions.policy.termination import (
    comes_first,
    notice_ends_on,
    registrations_end_on,
)
from billing.subscriptions.queries.subscriptions import profile_of, renewal_paid_until
from billing.subscriptions.queries.suspended import closing_causes, founding_causes, may_end_on
from billing.subscriptions.queries.trials import due_days, due_next_on
from billing.subscriptions.queries.unserved import may_end_for_event_on
from contracts.policy.clauses import keeps
from contracts.policy.profiles import Termination as Days

#: What may turn out unfounded and be taken back: a later word is kept all the same.
UNDONE = frozenset({Termination.Ground.SUSPENDED.value, Termination.Ground.BREACH.value})


class NotTerminable(Exception):
    """Raised when the contract doesn't allow this termination now.

    `code` says why and `on` from when it would.
    """

    def __init__(self, code: str, on: date | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.on = on


@transaction.atomic
@keeps("LG-S20.2")
def terminate_on_notice(
    *, subscription_id: UUID, how: str, received_at: datetime, by: Actor, now: datetime, reason: str = ""
) -> Termination:
    """Return the client's termination, effective at the next due date; nothing more is owed for it.

    `how`: "button" or "email", whose receipt time counts however late it is written down: what was renewed
    after it is undone, its invoices credited and what was paid of them given back. Of several words the one
    that takes effect first ends it, in whatever order they are written down. Raises NotTerminable: "fixed",
    "ended", "terminated", "late".
    """
    subscription = Subscription.objects.select_for_update().get(pk=subscription_id)
    effective_on = notice_ends_on(
        subscription.renewal, received_on=paris_day(received_at), due_days=due_days(subscription)
    )
    if effective_on is None:
        code = "fixed" if subscription.renewal == Subscription.Renewal.FIXED else "late"
        raise NotTerminable(code, due_next_on(subscription))
    _check_comes_first(subscription, effective_on)
    word = _save(subscription, how, received_at, effective_on, reason, by, now)
    if subscription.terms.filter(starts_on__gte=effective_on).exists():
        undo_renewals(subscription=subscription, effective_on=effective_on, by=by, now=now)
        end_subscription(subscription=subscription, on=effective_on, reason=how, now=now)
    return word


@transaction.atomic
@keeps("MC-3")
def cancel_registrations(
    *, subscription_id: UUID, by: Actor, now: datetime, today: date, reason: str = ""
) -> Termination:
    """Return the end of a contract whose client cancels all its registrations, at the end of what is paid.

    Raises NotTerminable: "fixed" where the contract doesn't end so, "ended", "terminated".
    """
    subscription = _locked(subscription_id)
    may_end = profile_of(subscription.contract).ends_by_registrations
    ends_on = registrations_end_on(
        subscription.term.ends_on, today=today, may_end=may_end, paid_until=renewal_paid_until(subscription)
    )
    if ends_on is None:
        raise NotTerminable("fixed", due_next_on(subscription))
    _check_comes_first(subscription, ends_on)
    return _save(subscription, Termination.Ground.REGISTRATIONS, now, ends_on, reason, by, now)


@transaction.atomic
@keeps("LG-S20.1", "LG-S20.3e")
def terminate_for_breach(*, letter: RegisteredLetter, by: Actor, now: datetime, today: date) -> Termination:
    """Return the termination for a breach the letter asked to remedy, at once; what is unpaid is due.

    Raises NotTerminable: "not-presented", "remedied", "too-early", "ended".
    """
    assert letter.subscription_id is not None
    subscription = _locked(letter.subscription_id)
    if letter.presented_on is None:
        raise NotTerminable("not-presented")
    ends_on = breach_ends_on(
        first_presented_on=letter.presented_on,
        remedied_on=letter.remedied_on,
        days=_days(subscription).breach_days,
    )
    if ends_on is None:
        raise NotTerminable("remedied")
    return _at_once(subscription, "breach", ends_on, letter.reason, by, now, today)


def _days(subscription: Subscription) -> Days:
    return profile_of(subscription.contract).termination


@transaction.atomic
@keeps("LG-S20.3s", "LG-S20.3e")
def terminate_suspended(*, subscription_id: UUID, by: Actor, now: datetime, today: date) -> Termination:
    """Return the termination of a subscription whose suspension nobody remedied.

    Of several causes the one that allows it first counts; one whose warning never arrived is none, nor is
    what another subscription owes.

    Raises NotTerminable: "not-suspended", "not-own" where it owes nothing itself, "not-told" while the
    message that says so waits, "too-early", "ended".
    """
    subscription = _locked(subscription_id)
    if not closing_causes(subscription).exists():
        raise NotTerminable("not-suspended")
    causes = founding_causes(subscription)
    if not causes:
        raise NotTerminable("not-own")
    days = ((may_end_on(row, subscription), row.reason) for row in causes)
    found = [(day, reason) for day, reason in days if day is not None]
    if not found:
        raise NotTerminable("not-told")
    from_day, reason = min(found, key=lambda each: each[0])
    return _at_once(subscription, "suspended", from_day, reason, by, now, today)


@transaction.atomic
@keeps("LG-S20.3m")
def terminate_for_force_majeure(*, event: ForceMajeure, by: Actor, now: datetime, today: date) -> Termination:
    """Return the termination for an event that has lasted more than the profile's days (30).

    What was not served is paid back. With the contract every event that lasts is over for it: what one had
    suspended is due as after any termination.

    Raises NotTerminable: "over", "too-early", "ended".
    """
    subscription = _locked(event.subscription_id)
    if event.ended_on is not None:
        raise NotTerminable("over")
    from_day = may_end_for_event_on(event)
    if today >= from_day:  # what they suspended is due again; these days and those after are not served
        for lasting in subscription.events.filter(ended_on=None):
            over_on = max(today, lasting.started_on + timedelta(days=1))
            lasting.end(on=over_on, with_contract=lasting.pk != event.pk)
    word = _at_once(subscription, "force_majeure", from_day, event.reason, by, now, today)
    refund_unserved(subscription=subscription, by=by, now=now, today=today)
    return word


@transaction.atomic
@keeps("LG-S22")
def end_by_withdrawal(
    *, subscription_id: UUID, received_on: date, reason: str, by: Actor, now: datetime, today: date
) -> Subscription:
    """Return the subscription a consumer withdrew from: it ends today, whatever was said of it before."""
    subscription = Subscription.objects.select_for_update().get(pk=subscription_id)
    if not Termination.objects.filter(subscription=subscription).exists():
        received_at = min(day_starts_at(received_on), now)
        _save(subscription, Termination.Ground.WITHDRAWAL, received_at, today, reason, by, now)
    if subscription.ended_on is None:
        end_subscription(subscription=subscription, on=today, reason=Termination.Ground.WITHDRAWAL, now=now)
    return subscription


def _locked(subscription_id: UUID) -> Subscription:
    subscription = Subscription.objects.select_for_update().get(pk=subscription_id)
    if subscription.ended_on is not None:
        raise NotTerminable("ended", subscription.ended_on)
    return subscription


def _check_comes_first(subscription: Subscription, effective_on: date) -> None:
    """Refuse a word that ends nothing earlier than what was said, or than it ended."""
    ended_on = subscription.ended_on
    if ended_on is not None and effective_on >= ended_on and subscription.end_reason not in UNDONE:
        raise NotTerminable("ended", ended_on)
    words = Termination.objects.filter(subscription=subscription).exclude(how__in=UNDONE)
    said = words.values_list("effective_on", flat=True)
    if not comes_first(effective_on, standing=said):
        raise NotTerminable("terminated", min(said))


def _at_once(
    subscription: Subscription, how: str, from_day: date, reason: str, by: Actor, now: datetime, today: date
) -> Termination:
    if today < from_day:
        raise NotTerminable("too-early", from_day)
    word = _save(subscription, how, now, today, reason, by, now)
    end_subscription(subscription=subscription, on=today, reason=how, now=now)
    return word


def _save(
    subscription: Subscription,
    how: str,
    received_at: datetime,
    effective_on: date,
    reason: str,
    by: Actor,
    now: datetime,
) -> Termination:
    said = {"received_at": received_at, "effective_on": effective_on, "reason": reason, "created_at": now}
    word, is_new = Termination.objects.update_or_create(subscription=subscription, how=how, defaults=said)
    facts = {"how": how, "received_at": received_at.isoformat(), "effective_on": str(effective_on)}
    log_action(
        "subscription.terminated", by=by, on=subscription, at=now, facts=facts, personal={"reason": reason}
    )
    if how in Termination.OF_CLIENT:
        key = f"terminated:{word.id}" if is_new else f"terminated:{word.id}:{effective_on}"
        enqueue_message("billing/termination_received", ids={"termination": word.id}, now=now, key=key)
        wake_worker()
    return word
