"""Keepers of terms and trials that end."""

from datetime import date, datetime

from agenda.models import Obligation
from agenda.queries import outcome_of_mail
from agenda.registry import Moot, Outcome, keeper, kept_or_moot
from billing.money.policy.days import paris_day
from billing.workflows.actions.activate_trial import activate_trial, remind_of_trial, trial_reminder_key
from billing.workflows.actions.charge_saved_method import charge_saved_method
from billing.workflows.actions.end_term import end_term


@keeper("LG-S14.3", kind="trial-end", where="operator")
def keep_trial_end(obligation: Obligation, *, now: datetime) -> Outcome:
    """Activate a trial that was not ended before its end."""
    outcome = activate_trial(order_id=obligation.subject_id, now=now, today=paris_day(now))
    return kept_or_moot(outcome, "decided before", outcome=outcome)


@keeper("LG-S14.3", kind="trial-reminder", where="operator")
def keep_trial_reminder(obligation: Obligation, *, now: datetime) -> Outcome:
    """Remind of a trial's end, its day and its price."""
    if not remind_of_trial(order_id=obligation.subject_id, now=now):
        return Moot("no trial runs any more")
    return outcome_of_mail([trial_reminder_key(obligation.subject_id)], now=now)


@keeper("LG-S6.2k", kind="charge", where="operator")
def keep_charge(obligation: Obligation, *, now: datetime) -> Outcome:
    """Charge an invoice on the method its client saved."""
    outcome = charge_saved_method(invoice_id=obligation.subject_id, now=now, today=paris_day(now))
    return kept_or_moot(outcome != "nothing", "nothing left to pay", outcome=outcome)


@keeper("LG-S14.2a", kind="term-end", where="operator")
def keep_term_renewal(obligation: Obligation, *, now: datetime) -> Outcome:
    """Renew an automatic subscription, or end one that was terminated."""
    return _end_term(obligation, now)


@keeper("LG-S14.2f", kind="term-end", where="operator")
def keep_term_end(obligation: Obligation, *, now: datetime) -> Outcome:
    """End a fixed term."""
    return _end_term(obligation, now)


def _end_term(obligation: Obligation, now: datetime) -> Outcome:
    ends_on = date.fromisoformat(obligation.occurrence)
    outcome = end_term(subscription_id=obligation.subject_id, ends_on=ends_on, now=now, today=paris_day(now))
    return kept_or_moot(outcome, "this term ended before", outcome=outcome)
