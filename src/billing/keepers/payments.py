"""The keepers of what is promised about payments; all run as the operator."""

from datetime import datetime, timedelta

from agenda.models import Obligation
from agenda.registry import Kept, Outcome, keeper, kept_or_moot
from billing.actions.follow_checkout import follow_checkout
from billing.actions.note_missing_funds import note_missing_funds
from billing.actions.receive_event import look_into_event
from billing.actions.refund_payment import make_refund
from billing.actions.start_checkout import look_later
from billing.policy.days import paris_day


@keeper("LG-S5.2d", kind="proved-funds", where="operator")
def proved_funds_came(obligation: Obligation, *, now: datetime) -> Outcome:
    """Flag a transfer that was proved and never credited."""
    missing = note_missing_funds(payment_id=obligation.subject_id, now=now, today=paris_day(now))
    return kept_or_moot(missing, "the money came, or was given up", missing=missing)


@keeper("LG-S6.2k", kind="provider-event", where="operator")
def message_is_looked_into(obligation: Obligation, *, now: datetime) -> Outcome:
    """Ask the provider again what a message was about."""
    ours = look_into_event(event_id=obligation.subject_id, now=now, today=paris_day(now))
    return kept_or_moot(ours, "about nothing of ours", ours=ours)


@keeper("LG-S6.2k", kind="online-payment", where="operator")
def online_payment_is_looked_at(obligation: Obligation, *, now: datetime) -> Outcome:
    """Ask the provider about an attempt, in case its messages were lost.

    Once a day until nothing more is expected.
    """
    checkout = follow_checkout(checkout_id=obligation.subject_id, now=now, today=paris_day(now))
    if not checkout.is_settled:
        look_later(checkout, now=now, due_at=now + timedelta(days=1))
    return Kept(state=str(checkout.state))


@keeper("LG-S6.2k", kind="refund", where="operator")
def refund_is_made(obligation: Obligation, *, now: datetime) -> Outcome:
    """Have the provider give money back."""
    return Kept(state=make_refund(refund_id=obligation.subject_id, now=now, today=paris_day(now)))
