"""Keepers of subscriptions."""

from datetime import date, datetime

from agenda.models import Obligation
from agenda.queries import outcome_of_mail
from agenda.registry import Moot, Outcome, keeper, kept_or_moot
from billing.collections.models import RegisteredLetter
from billing.money.policy.days import paris_day
from billing.subscriptions.actions.announce_renewal import announce_renewal
from billing.subscriptions.models import ForceMajeure


@keeper("LG-S14.2n", kind="renewal-notice", where="operator")
def keep_renewal_notice(obligation: Obligation, *, now: datetime) -> Outcome:
    """Announce a renewal."""
    renews_on = date.fromisoformat(obligation.occurrence.split()[0])
    notice = announce_renewal(
        subscription_id=obligation.subject_id, renews_on=renews_on, now=now, today=paris_day(now)
    )
    if notice is None:
        return Moot("ended or terminated")
    return outcome_of_mail([notice.message_key], now=now, notice=str(notice.pk))


@keeper("LG-S20.1", kind="terminable", where="operator")
def keep_breach_terminable(obligation: Obligation, *, now: datetime) -> Outcome:
    """Note that a breach was not remedied: a person decides what follows."""
    letter = RegisteredLetter.objects.get(pk=obligation.subject_id)
    return kept_or_moot(letter.remedied_on is None, "remedied", letter=str(letter.pk))


@keeper("LG-S20.3m", kind="terminable", where="operator")
def keep_force_majeure_terminable(obligation: Obligation, *, now: datetime) -> Outcome:
    """Note that an event has lasted more than 30 days: either side may terminate."""
    event = ForceMajeure.objects.get(pk=obligation.subject_id)
    return kept_or_moot(event.ended_on is None, "the event is over", event=str(event.pk))
