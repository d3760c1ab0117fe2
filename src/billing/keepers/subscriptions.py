"""The keepers of what was promised about subscriptions and late payers; all run as the operator."""

from datetime import date, datetime

from agenda.models import Obligation
from agenda.queries import is_written, outcome_of_mail
from agenda.registry import Kept, Moot, Outcome, keeper, kept_or_moot
from billing.actions.announce_renewal import announce_renewal
from billing.actions.end_term import end_term
from billing.actions.remind import reminder_key, send_reminder
from billing.actions.suspend import notice_key, suspend_unpaid, warn_unpaid
from billing.models import ForceMajeure, RegisteredLetter, Suspension
from billing.policy.days import paris_day


@keeper("LG-S14.2n", kind="renewal-notice", where="operator")
def renewal_is_announced(obligation: Obligation, *, now: datetime) -> Outcome:
    """Announce a renewal."""
    renews_on = date.fromisoformat(obligation.occurrence)
    notice = announce_renewal(
        subscription_id=obligation.subject_id, renews_on=renews_on, now=now, today=paris_day(now)
    )
    if notice is None:
        return Moot("ended or terminated")
    return outcome_of_mail([notice.message_key], now=now, notice=str(notice.pk))


@keeper("LG-S14.2a", kind="term-end", where="operator")
def term_renews(obligation: Obligation, *, now: datetime) -> Outcome:
    """Renew an automatic subscription, or end one that was terminated."""
    return _end_term(obligation, now)


@keeper("LG-S14.2f", kind="term-end", where="operator")
def term_ends(obligation: Obligation, *, now: datetime) -> Outcome:
    """End a fixed term."""
    return _end_term(obligation, now)


def _end_term(obligation: Obligation, now: datetime) -> Outcome:
    ends_on = date.fromisoformat(obligation.occurrence)
    outcome = end_term(subscription_id=obligation.subject_id, ends_on=ends_on, now=now, today=paris_day(now))
    return kept_or_moot(outcome, "this term ended before", outcome=outcome)


@keeper("LG-S6.3p", kind="reminder", where="operator")
def professional_is_reminded(obligation: Obligation, *, now: datetime) -> Outcome:
    """Remind a professional of what is unpaid."""
    return _remind(obligation, now)


@keeper("LG-S6.3c", kind="reminder", where="operator")
def consumer_is_reminded(obligation: Obligation, *, now: datetime) -> Outcome:
    """Remind a consumer of what is unpaid."""
    return _remind(obligation, now)


def _remind(obligation: Obligation, now: datetime) -> Outcome:
    key = reminder_key(obligation.subject_id, obligation.occurrence)
    if not is_written(key) and not send_reminder(
        invoice_id=obligation.subject_id, now=now, occurrence=obligation.occurrence
    ):
        return Moot("paid or contested")
    return outcome_of_mail([key], now=now)


@keeper("LG-S19", kind="suspension-notice", where="operator")
def suspension_is_announced(obligation: Obligation, *, now: datetime) -> Outcome:
    """Warn that access stops, or stop it where the profile waits for nothing."""
    warn_unpaid(invoice_id=obligation.subject_id, now=now, today=paris_day(now))
    rows = Suspension.objects.filter(invoice_id=obligation.subject_id, lifted_at=None)
    if not rows:
        return Moot("nothing unpaid that stops an access")
    at_once = [row for row in rows if row.at_once]
    if len(at_once) == len(rows):
        return Kept(at_once=len(at_once))
    return outcome_of_mail([notice_key(row.pk) for row in rows if not row.at_once], now=now)


@keeper("LG-S19", kind="suspend", where="operator")
def access_is_suspended(obligation: Obligation, *, now: datetime) -> Outcome:
    """Stop access if nothing was remedied."""
    suspended = suspend_unpaid(suspension_id=obligation.subject_id, now=now)
    return kept_or_moot(suspended, "paid, or the notice didn't arrive", suspension=str(obligation.subject_id))


@keeper("LG-S20.1", kind="terminable", where="operator")
def breach_may_end(obligation: Obligation, *, now: datetime) -> Outcome:
    """Note that a breach was not remedied: a person decides what follows."""
    letter = RegisteredLetter.objects.get(pk=obligation.subject_id)
    return kept_or_moot(letter.remedied_on is None, "remedied", letter=str(letter.pk))


@keeper("LG-S20.3m", kind="terminable", where="operator")
def event_may_end(obligation: Obligation, *, now: datetime) -> Outcome:
    """Note that an event has lasted more than 30 days: either side may terminate."""
    event = ForceMajeure.objects.get(pk=obligation.subject_id)
    return kept_or_moot(event.ended_on is None, "the event is over", event=str(event.pk))
