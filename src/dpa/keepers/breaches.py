"""What the agenda calls about breaches: notices, alarms, clocks of controllers, messages to people."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from agenda.models import Obligation, OutboxMessage
from agenda.queries import outcome_of_mail
from agenda.registry import Again, Kept, Mail, Moot, Outcome, Written, archives, keeper, message
from dpa.actions.record_breach import OURS
from dpa.actions.respond_to_breach import PEOPLE
from dpa.actions.send_breach_notice import follow_notice
from dpa.actions.warn_of_breach import raise_breach_alarm, remind_of_authority, warn_of_our_authority
from dpa.models import AffectedTenant, BreachDelivery, BreachNotice, BreachResponse
from dpa.queries import breach_mails
from dpa.queries.breaches import ALARM, AUTHORITY, CLAUSE, NOTICE, people_key

Ids = Mapping[str, str]
ROUND = timedelta(minutes=10)


@keeper(CLAUSE, kind=NOTICE, where="operator")
def keep_breach_notice(obligation: Obligation, *, now: datetime) -> Outcome:
    """Keep a notice once it has left; one that nobody could be sent stays owed."""
    affected = AffectedTenant.objects.filter(pk=obligation.subject_id).first()
    if affected is None:
        return Moot("not concerned any more")
    number = int(obligation.occurrence.partition(".")[0])
    notice = BreachNotice.objects.filter(affected=affected, number=number).first()
    if notice is None:
        return Again(now + ROUND)
    keys = notice.deliveries.active().values_list("message_key", flat=True)
    outcome = outcome_of_mail(list(keys), now=now, notice=str(notice.pk))
    if isinstance(outcome, Moot):
        return Again(now + ROUND)
    if isinstance(outcome, Kept):
        follow_notice(notice=notice, now=now)
    return outcome


@keeper(CLAUSE, kind=ALARM, where="operator")
def keep_breach_alarm(obligation: Obligation, *, now: datetime) -> Outcome:
    """Tell the operator's people that a notice is nearly late."""
    key = raise_breach_alarm(affected_id=obligation.subject_id, occurrence=obligation.occurrence, now=now)
    return outcome_of_mail([key], now=now) if key else Moot("told in time")


@keeper(CLAUSE, kind=AUTHORITY, where="tenant")
def keep_authority_reminder(obligation: Obligation, *, now: datetime) -> Outcome:
    """Remind a controller, a day before their 72 hours end, that the authority isn't told."""
    key = remind_of_authority(affected_id=obligation.subject_id, now=now)
    return outcome_of_mail([key], now=now) if key else Moot("decided, or notified")


@keeper(OURS[0], kind=OURS[1], where="operator")
def keep_our_authority(obligation: Obligation, *, now: datetime) -> Outcome:
    """Keep our own notification once the authority was notified; moot where it was decided not to be."""
    response = BreachResponse.objects.filter(breach_id=obligation.subject_id).first()
    if response is not None and response.notified_at is not None:
        return Kept(at=response.notified_at)
    if response is not None and response.authority == BreachResponse.Decision.NO:
        return Moot("no risk for the people, as decided")
    warn_of_our_authority(breach_id=obligation.subject_id, now=now)
    return Again(now + ROUND)


@keeper(PEOPLE[0], kind=PEOPLE[1], where="tenant")
def keep_people_told(obligation: Obligation, *, now: datetime) -> Outcome:
    """Keep that the people are told once the last message has left."""
    response = BreachResponse.objects.get(pk=obligation.subject_id)
    rows = OutboxMessage.objects.filter(key__startswith=people_key(response.breach_id))
    return outcome_of_mail(list(rows.values_list("key", flat=True)), now=now)


@archives("dpa")
def keep_breach_mail(written: Written, now: datetime) -> None:
    """Keep a notice as it leaves: its bytes, its moment, its recipients."""
    delivery = BreachDelivery.objects.get(message_key=written.key)
    delivery.mark_sent(to=", ".join(written.to), content=written.content, at=now)


@message("dpa/breach_notice")
def breach_notice(ids: Ids) -> Mail | None:
    """Tell a controller what is known of a breach, with their own figures."""
    rows = BreachDelivery.objects.active().select_related("notice__affected__breach")
    return breach_mails.to_controller(rows.filter(pk=ids["delivery"]).first())


@message("dpa/breach_alarm")
def breach_alarm(ids: Ids) -> Mail | None:
    """Tell the operator's people that a notice, or our own notification, is nearly late."""
    return breach_mails.to_the_house(UUID(ids["breach"]), tenant_id=ids.get("tenant"))


@message("dpa/breach_reminder")
def breach_reminder(ids: Ids) -> Mail | None:
    """Remind a controller of their 72 hours."""
    return breach_mails.reminder(BreachNotice.objects.filter(pk=ids["notice"]).first())


@message("dpa/breach_people")
def breach_people(ids: Ids) -> Mail | None:
    """Tell somebody, in their controller's words."""
    response = BreachResponse.objects.filter(breach_id=ids["breach"]).exclude(people_sent_at=None).first()
    return breach_mails.to_person(response, UUID(ids["person"]), kind=ids["kind"])
