"""The keepers of what is promised about trials and saved methods; all run as the operator."""

from datetime import datetime

from agenda.models import Obligation
from agenda.queries import outcome_of_mail
from agenda.registry import Kept, Moot, Outcome, keeper, kept_or_moot
from billing.actions.activate_trial import activate_trial, remind_of_trial, trial_reminder_key
from billing.actions.charge_saved_method import charge_saved_method
from billing.actions.follow_setup import follow_setup
from billing.actions.revoke_method import detach_method
from billing.actions.start_setup import look_again
from billing.policy.days import paris_day


@keeper("LG-S14.3", kind="trial-end", where="operator")
def trial_is_activated(obligation: Obligation, *, now: datetime) -> Outcome:
    """Activate a trial that was not ended before its end."""
    outcome = activate_trial(order_id=obligation.subject_id, now=now, today=paris_day(now))
    return kept_or_moot(outcome, "decided before", outcome=outcome)


@keeper("LG-S14.3", kind="trial-reminder", where="operator")
def client_is_reminded_of_trial(obligation: Obligation, *, now: datetime) -> Outcome:
    """Remind of a trial's end, its day and its price."""
    if not remind_of_trial(order_id=obligation.subject_id, now=now):
        return Moot("no trial runs any more")
    return outcome_of_mail([trial_reminder_key(obligation.subject_id)], now=now)


@keeper("LG-S6.2k", kind="charge", where="operator")
def saved_method_is_charged(obligation: Obligation, *, now: datetime) -> Outcome:
    """Charge an invoice on the method its client saved."""
    outcome = charge_saved_method(invoice_id=obligation.subject_id, now=now, today=paris_day(now))
    return kept_or_moot(outcome != "nothing", "nothing left to pay", outcome=outcome)


@keeper("LG-S6.2k", kind="detach", where="operator")
def method_is_forgotten(obligation: Obligation, *, now: datetime) -> Outcome:
    """Have the provider forget a method that was revoked."""
    return Kept(detached=detach_method(method_id=obligation.subject_id, now=now).detached_at is not None)


@keeper("LG-S6.2k", kind="method-setup", where="operator")
def visit_is_looked_at(obligation: Obligation, *, now: datetime) -> Outcome:
    """Ask the provider about a visit to its page, once a day until nothing more is expected."""
    setup = follow_setup(setup_id=obligation.subject_id, now=now, today=paris_day(now))
    if not setup.is_settled:
        look_again(setup, now=now)
    return Kept(state=str(setup.state))
