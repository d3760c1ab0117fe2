"""The keepers of what was promised about subscriptions and late payers; all run as the operator."""

from datetime import date, datetime

from agenda.models import Obligation
from agenda.registry import Evidence, keeper
from billing.actions.announce_renewal import announce_renewal
from billing.actions.end_term import end_term
from billing.actions.remind import send_reminder
from billing.actions.suspend import suspend_unpaid, warn_unpaid
from billing.models import ForceMajeure, RegisteredLetter
from billing.policy.days import paris_day


@keeper("LG-S14.2n", kind="renewal-notice", where="operator")
def renewal_is_announced(obligation: Obligation, *, now: datetime) -> Evidence:
    """Announce a renewal."""
    renews_on = date.fromisoformat(obligation.occurrence)
    notice = announce_renewal(
        subscription_id=obligation.subject_id, renews_on=renews_on, now=now, today=paris_day(now)
    )
    return Evidence(notice=str(notice.pk) if notice else None)


@keeper("LG-S14.2a", kind="term-end", where="operator")
def term_renews(obligation: Obligation, *, now: datetime) -> Evidence:
    """Renew an automatic subscription, or end one that was terminated."""
    return _end_term(obligation, now)


@keeper("LG-S14.2f", kind="term-end", where="operator")
def term_ends(obligation: Obligation, *, now: datetime) -> Evidence:
    """End a fixed term."""
    return _end_term(obligation, now)


def _end_term(obligation: Obligation, now: datetime) -> Evidence:
    ends_on = date.fromisoformat(obligation.occurrence)
    return Evidence(
        outcome=end_term(
            subscription_id=obligation.subject_id, ends_on=ends_on, now=now, today=paris_day(now)
        )
    )


@keeper("LG-S6.3p", kind="reminder", where="operator")
def professional_is_reminded(obligation: Obligation, *, now: datetime) -> Evidence:
    """Remind a professional of what is unpaid."""
    return Evidence(
        sent=send_reminder(invoice_id=obligation.subject_id, now=now, occurrence=obligation.occurrence)
    )


@keeper("LG-S6.3c", kind="reminder", where="operator")
def consumer_is_reminded(obligation: Obligation, *, now: datetime) -> Evidence:
    """Remind a consumer of what is unpaid."""
    return Evidence(
        sent=send_reminder(invoice_id=obligation.subject_id, now=now, occurrence=obligation.occurrence)
    )


@keeper("LG-S19", kind="suspension-notice", where="operator")
def suspension_is_announced(obligation: Obligation, *, now: datetime) -> Evidence:
    """Warn that access stops, or stop it where the profile waits for nothing."""
    return Evidence(warned=warn_unpaid(invoice_id=obligation.subject_id, now=now, today=paris_day(now)))


@keeper("LG-S19", kind="suspend", where="operator")
def access_is_suspended(obligation: Obligation, *, now: datetime) -> Evidence:
    """Stop access if nothing was remedied."""
    return Evidence(suspended=suspend_unpaid(suspension_id=obligation.subject_id, now=now))


@keeper("LG-S20.1", kind="terminable", where="operator")
def breach_may_end(obligation: Obligation, *, now: datetime) -> Evidence:
    """Note that a breach was not remedied: a person decides what follows."""
    letter = RegisteredLetter.objects.get(pk=obligation.subject_id)
    return Evidence(remedied=letter.remedied_on is not None)


@keeper("LG-S20.3m", kind="terminable", where="operator")
def event_may_end(obligation: Obligation, *, now: datetime) -> Evidence:
    """Note that an event has lasted more than 30 days: either side may terminate."""
    return Evidence(lasts=ForceMajeure.objects.get(pk=obligation.subject_id).ended_on is None)
