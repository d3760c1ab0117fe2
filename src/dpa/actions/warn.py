"""Say in time what waits: an erasure that isn't done, a request without an answer."""

from datetime import datetime
from uuid import UUID

from agenda.actions import enqueue_message
from audit.actions import log_action
from dpa.models import Erasure
from isolation.context import current_tenant_id, inside_operator


def raise_alarm(*, deletion_id: UUID, now: datetime) -> int:
    """Return 1 when data that was to be erased is still there and the administrators are told, 0 when it
    isn't.
    """
    waiting = (Erasure.State.REQUESTED, Erasure.State.ERASING)
    deletion = Erasure.objects.filter(pk=deletion_id, state__in=waiting).first()
    if deletion is None:
        return 0
    log_action("deletion.alarm", by=None, on=deletion, at=now, facts={"state": deletion.state})
    enqueue_message(
        "dpa/alarm", ids={"deletion": str(deletion.pk)}, now=now, key=f"deletion-alarm-{deletion.pk}"
    )
    ids = {"deletion": str(deletion.pk), "tenant": str(current_tenant_id())}
    with inside_operator():
        enqueue_message("dpa/alarm_house", ids=ids, now=now, key=f"deletion-alarm-house-{deletion.pk}")
    return 1


def remind_of_request(*, deletion_id: UUID, now: datetime) -> bool:
    """Return whether a request still waits, after having reminded the administrators of it."""
    deletion = Erasure.objects.filter(pk=deletion_id, state=Erasure.State.WAITING).first()
    if deletion is None:
        return False
    key = f"deletion-wish-{deletion.pk}-{now.date().isoformat()}"
    enqueue_message("dpa/request_received", ids={"deletion": str(deletion.pk)}, now=now, key=key)
    return True
