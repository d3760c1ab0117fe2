"""Say in time that a breach isn't told: to the operator's people, to a controller."""

from datetime import datetime
from uuid import UUID

from agenda.actions import enqueue_message
from audit.actions import log_action
from dpa.models import AffectedTenant, BreachNotice, BreachResponse, DataBreach
from dpa.policy.breaches import Owed
from dpa.queries.breaches import owed_to


def raise_breach_alarm(*, affected_id: UUID, occurrence: str, now: datetime) -> str:
    """Return the key of the alarm that a notice has not left, "" where it has. As the operator."""
    affected = AffectedTenant.objects.select_related("breach").filter(pk=affected_id).first()
    if affected is None or not _is_waiting(affected, occurrence):
        return ""
    key = f"breach-alarm-{affected.pk}-{occurrence}"
    ids = {"breach": affected.breach_id, "tenant": affected.tenant_id}
    log_action("data_breach.alarm", by=None, on=affected.breach, at=now, facts={"kind": "notice"})
    enqueue_message("dpa/breach_alarm", ids=ids, now=now, key=key)
    return key


def _is_waiting(affected: AffectedTenant, occurrence: str) -> bool:
    number = int(occurrence.partition(".")[0])
    notice = affected.notices.filter(number=number).first()
    if notice is None:
        return owed_to(affected) is not Owed.NOTHING
    return not notice.deliveries.active().exclude(sent_at=None).exists()


def remind_of_authority(*, affected_id: UUID, now: datetime) -> str:
    """Return the key of the reminder to the controller we are inside of, "" where they decided already."""
    notice = BreachNotice.objects.filter(affected_id=affected_id).order_by("-number").first()
    if notice is None:
        return ""
    response = BreachResponse.objects.filter(breach_id=notice.breach_id).first()
    if response is not None and _is_settled(response):
        return ""
    key = f"breach-reminder-{affected_id}"
    enqueue_message("dpa/breach_reminder", ids={"notice": notice.pk}, now=now, key=key)
    return key


def _is_settled(response: BreachResponse) -> bool:
    return response.notified_at is not None or response.authority == BreachResponse.Decision.NO


def warn_of_our_authority(*, breach_id: UUID, now: datetime) -> None:
    """Tell the operator's people, once, that their own 72 hours run out. As the operator."""
    breach = DataBreach.objects.get(pk=breach_id)
    key = f"breach-alarm-{breach.pk}"
    enqueue_message("dpa/breach_alarm", ids={"breach": breach.pk}, now=now, key=key)
