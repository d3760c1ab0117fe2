"""Tell a controller of a breach, in phases, and keep what left as it left."""

from datetime import datetime

from django.db import transaction

from agenda.actions import close_obligation, enqueue_message, open_obligation
from agenda.loop import wake_worker
from agenda.models import Obligation
from audit.actions import log_action
from contracts.policy.clauses import keeps
from dpa.actions.record_breach import owe_notice, schedule_notice
from dpa.models import AffectedTenant, BreachDelivery, BreachNotice
from dpa.policy.breaches import Owed, authority_clock
from dpa.queries.breaches import ALARM, AUTHORITY, CLAUSE, NOTICE, last_notice, owed_to, told_of
from people.models import Person


class NothingOwed(Exception):
    """Raised when a controller knows already all that is known."""


@transaction.atomic
@keeps("LG-D10.2")
def send_breach_notice(*, affected: AffectedTenant, by: Person | None, now: datetime) -> BreachNotice:
    """Return the next phase of what a controller is told, on its way to their administrators.

    It counts once it has left. Raises NothingOwed. As the operator.
    """
    affected = (
        AffectedTenant.objects.select_for_update(of=("self",)).select_related("breach").get(pk=affected.pk)
    )
    if owed_to(affected) is Owed.NOTHING:
        raise NothingOwed
    last = last_notice(affected)
    notice = BreachNotice.objects.create(
        affected=affected,
        tenant_id=affected.tenant_id,
        breach_id=affected.breach_id,
        number=(last.number if last else 0) + 1,
        is_drill=affected.breach.is_drill,
        told=told_of(affected),
        written_at=now,
    )
    facts = {"number": notice.number, "tenant": str(affected.tenant_id)}
    log_action("data_breach.notice_sent", by=by, on=affected.breach, at=now, facts=facts)
    _send(notice, attempt=1, now=now)
    _look_now(notice, occurrence=str(notice.number), now=now)
    return notice


@transaction.atomic
@keeps("LG-D10.2")
def mark_notice_bounced(*, delivery: BreachDelivery, by: Person | None, now: datetime) -> BreachDelivery:
    """Return the next sending of a notice that came back, to the customer's own address too.

    It is owed again: what bounced told nobody anything. Marked a second time, nothing more happens.
    """
    delivery = BreachDelivery.objects.select_for_update().get(pk=delivery.pk)
    notice = delivery.notice
    if delivery.bounced_at is not None:
        return notice.deliveries.order_by("-attempt")[0]
    delivery.mark_bounced(at=now)
    facts = {"number": notice.number, "tenant": str(notice.tenant_id)}
    log_action("data_breach.notice_bounced", by=by, on=notice.affected.breach, at=now, facts=facts)
    again = _send(notice, attempt=delivery.attempt + 1, now=now)
    schedule_notice(notice.affected, occurrence=f"{notice.number}.{again.attempt}", since=now, now=now)
    return again


def _send(notice: BreachNotice, *, attempt: int, now: datetime) -> BreachDelivery:
    key = f"breach-notice-{notice.pk}-{attempt}"
    delivery = BreachDelivery.objects.create(
        notice=notice, tenant_id=notice.tenant_id, attempt=attempt, message_key=key
    )
    enqueue_message("dpa/breach_notice", ids={"delivery": delivery.pk}, now=now, key=key)
    wake_worker()
    return delivery


def _look_now(notice: BreachNotice, *, occurrence: str, now: datetime) -> None:
    """Have the promise looked at with the mail, not at its next round."""
    rows = Obligation.objects.waiting().filter(clause=CLAUSE, kind=NOTICE, subject_id=notice.affected_id)
    rows.filter(occurrence=occurrence).update(run_at=now)


def follow_notice(*, notice: BreachNotice, now: datetime) -> None:
    """Do what follows from a notice that left: no alarm, and the controller's 72 hours from then on.

    What changed while it was on its way is owed next. As the operator.
    """
    affected = notice.affected
    close_obligation(CLAUSE, kind=ALARM, subject=affected.pk, now=now, evidence={"why": "told"})
    sent_at = notice.deliveries.active().exclude(sent_at=None).order_by("sent_at").first()
    if sent_at is not None and sent_at.sent_at is not None:
        clock = authority_clock(known_at=sent_at.sent_at)
        open_obligation(
            CLAUSE,
            kind=AUTHORITY,
            subject=affected.pk,
            run_at=clock.reminder_at,
            due_at=clock.due_at,
            now=now,
            tenant_id=affected.tenant_id,
        )
    owe_notice(affected, now=now)
