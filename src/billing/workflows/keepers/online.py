"""Keepers of online payments: what the provider said, what it is asked."""

from datetime import datetime, timedelta

from agenda.models import Obligation
from agenda.registry import Kept, Outcome, keeper, kept_or_moot
from billing.money.policy.days import paris_day
from billing.payments.actions.start_checkout import schedule_look
from billing.workflows.actions.follow_checkout import follow_checkout
from billing.workflows.actions.receive_webhook import process_webhook


@keeper("LG-S6.2k", kind="provider-event", where="operator")
def keep_provider_event(obligation: Obligation, *, now: datetime) -> Outcome:
    """Ask the provider again what a message was about."""
    ours = process_webhook(event_id=obligation.subject_id, now=now, today=paris_day(now))
    return kept_or_moot(ours, "about nothing of ours", ours=ours)


@keeper("LG-S6.2k", kind="online-payment", where="operator")
def keep_online_payment(obligation: Obligation, *, now: datetime) -> Outcome:
    """Ask the provider about an attempt, in case its messages were lost.

    Once a day until nothing more is expected.
    """
    checkout = follow_checkout(checkout_id=obligation.subject_id, now=now, today=paris_day(now))
    if not checkout.is_settled:
        schedule_look(checkout, now=now, due_at=now + timedelta(days=1))
    return Kept(state=str(checkout.state))
