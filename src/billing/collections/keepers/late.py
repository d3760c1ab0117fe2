"""Keepers of late payments: overdue, reminded, warned, suspended."""

from datetime import datetime

from agenda.models import Obligation
from agenda.queries import is_written, outcome_of_mail
from agenda.registry import Kept, Moot, Outcome, keeper, kept_or_moot
from billing.collections.actions.note_overdue import note_overdue
from billing.collections.actions.remind import reminder_key, send_reminder
from billing.collections.actions.suspend import notice_key, send_suspension_notice, suspend_unpaid
from billing.collections.models import Suspension
from billing.money.policy.days import paris_day


@keeper("LG-S6.3p", kind="overdue", where="operator")
def keep_professional_overdue(obligation: Obligation, *, now: datetime) -> Outcome:
    """Note what a professional left unpaid: interest runs by itself."""
    return _note_overdue(obligation, now)


@keeper("LG-S6.3c", kind="overdue", where="operator")
def keep_consumer_overdue(obligation: Obligation, *, now: datetime) -> Outcome:
    """Note what a consumer left unpaid: a formal notice is next."""
    return _note_overdue(obligation, now)


@keeper("LG-S6.3p", kind="reminder", where="operator")
def keep_professional_reminder(obligation: Obligation, *, now: datetime) -> Outcome:
    """Remind a professional of what is unpaid."""
    return _remind(obligation, now)


@keeper("LG-S6.3c", kind="reminder", where="operator")
def keep_consumer_reminder(obligation: Obligation, *, now: datetime) -> Outcome:
    """Remind a consumer of what is unpaid."""
    return _remind(obligation, now)


def _note_overdue(obligation: Obligation, now: datetime) -> Outcome:
    cents = note_overdue(invoice_id=obligation.subject_id, now=now)
    return kept_or_moot(cents > 0, "nothing unpaid", balance_cents=cents)


def _remind(obligation: Obligation, now: datetime) -> Outcome:
    key = reminder_key(obligation.subject_id, obligation.occurrence)
    if not is_written(key) and not send_reminder(
        invoice_id=obligation.subject_id, now=now, occurrence=obligation.occurrence
    ):
        return Moot("paid or contested")
    return outcome_of_mail([key], now=now)


@keeper("LG-S19", kind="suspension-notice", where="operator")
def keep_suspension_notice(obligation: Obligation, *, now: datetime) -> Outcome:
    """Warn that access stops, or stop it where the profile waits for nothing."""
    send_suspension_notice(invoice_id=obligation.subject_id, now=now, today=paris_day(now))
    rows = Suspension.objects.filter(invoice_id=obligation.subject_id, lifted_at=None)
    if not rows:
        return Moot("nothing unpaid that stops an access")
    at_once = [row for row in rows if row.at_once]
    if len(at_once) == len(rows):
        return Kept(at_once=len(at_once))
    return outcome_of_mail([notice_key(row.pk) for row in rows if not row.at_once], now=now)


@keeper("LG-S19", kind="suspend", where="operator")
def keep_suspension(obligation: Obligation, *, now: datetime) -> Outcome:
    """Stop access if nothing was remedied."""
    suspended = suspend_unpaid(suspension_id=obligation.subject_id, now=now)
    return kept_or_moot(suspended, "paid, or the notice didn't arrive", suspension=str(obligation.subject_id))
