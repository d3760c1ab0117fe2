"""Keepers of late payments: overdue, reminded, warned, suspended."""

from datetime import datetime

from agenda.models import Obligation
from agenda.queries import is_written, outcome_of_mail
from agenda.registry import Kept, Moot, Outcome, keeper, kept_or_moot
from billing.collections.actions.apply_debt_standing import apply_debt_standing
from billing.collections.actions.note_overdue import note_overdue
from billing.collections.actions.remind import reminder_key, send_reminder
from billing.collections.actions.warn import apply_breach, send_suspension_notice
from billing.collections.models import Suspension


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
    return kept_or_moot(cents > 0, "nothing overdue", balance_cents=cents)


def _remind(obligation: Obligation, now: datetime) -> Outcome:
    key = reminder_key(obligation.subject_id, obligation.occurrence)
    if not is_written(key) and not send_reminder(
        invoice_id=obligation.subject_id, now=now, occurrence=obligation.occurrence
    ):
        return Moot("nothing overdue, or contested")
    return outcome_of_mail([key], now=now)


@keeper("LG-S19", kind="suspension-notice", where="operator")
def keep_suspension_notice(obligation: Obligation, *, now: datetime) -> Outcome:
    """Warn that access stops, or stop it where the profile waits for nothing."""
    rows = send_suspension_notice(invoice_id=obligation.subject_id, now=now)
    if not rows:
        return Moot("nothing overdue that stops an access, or nobody to write to")
    mails = [row.notice_key for row in rows if not row.at_once]
    if not mails:
        return Kept(at_once=len(rows))
    return outcome_of_mail(mails, now=now)


@keeper("LG-S19", kind="breach-notice", where="operator")
def keep_breach_notice(obligation: Obligation, *, now: datetime) -> Outcome:
    """See to it that the e-mail about a breach leaves: from then on its clock runs."""
    return _tell_breach(obligation, now)


@keeper("MC-7", kind="breach-notice", where="operator")
def keep_misuse_notice(obligation: Obligation, *, now: datetime) -> Outcome:
    """See to it that the e-mail about a misuse leaves: access stops once it has."""
    return _tell_breach(obligation, now)


def _tell_breach(obligation: Obligation, now: datetime) -> Outcome:
    row = apply_breach(suspension_id=obligation.subject_id, now=now)
    if row.lifted_at or row.bounced_at:
        return Moot("remedied, or it bounced")
    return outcome_of_mail([row.notice_key], now=now)


@keeper("LG-S19", kind="suspend", where="operator")
def keep_suspension(obligation: Obligation, *, now: datetime) -> Outcome:
    """Stop access if nothing was remedied."""
    row = Suspension.objects.get(pk=obligation.subject_id)
    if row.invoice_id is None:
        apply_breach(suspension_id=row.pk, now=now)
    else:
        apply_debt_standing(invoice_id=row.invoice_id, now=now)
    row.refresh_from_db()
    suspended = row.suspended_at is not None and row.lifted_at is None and row.bounced_at is None
    return kept_or_moot(suspended, "remedied, put off, or the notice didn't arrive", suspension=str(row.pk))
