"""Let an export go: its seven days are over, its owner throws it away, or somebody in it is erased."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from agenda.actions import close_obligation
from audit.actions import log_action
from exports.gateways import storage
from exports.models import ExportJob
from isolation.context import current_tenant_id
from people.models import Person

EXPIRED = "expired"
THROWN_AWAY = "thrown away"
ERASED = "erased"
CLOSED = "closed"
LEAVING = "leaving"
FROZEN = "frozen"


@transaction.atomic
def end_export(*, job_id: UUID, reason: str, now: datetime, by: Person | None = None) -> int:
    """Delete an export's files and mark it as gone; return how many files went.

    A second time does nothing.
    """
    job = ExportJob.objects.select_for_update().filter(pk=job_id).first()
    if job is None:
        return 0
    gone = storage.delete_folder(storage.folder(current_tenant_id(), job.pk))
    if job.state != ExportJob.State.EXPIRED:
        job.end(reason=reason)
        for kind in ("export", "expire"):
            if not (kind == "expire" and reason == EXPIRED):
                close_obligation("LG-DCp", kind=kind, subject=job.pk, now=now)
        log_action("export.ended", by=by, on=job, at=now, facts={"reason": reason, "files": gone})
    return gone


def exports_holding(ids: Collection[UUID]) -> list[UUID]:
    """Return the exports that hold data of these people, or were asked for by them."""
    rows = ExportJob.objects.holding(ids) | ExportJob.objects.filter(requested_by_id__in=ids)
    return list(rows.exclude(state=ExportJob.State.EXPIRED).values_list("pk", flat=True))


def end_exports_holding(ids: Collection[UUID], *, now: datetime, reason: str = ERASED) -> int:
    """Let go of every export that holds data of these people, for good; return how many went.

    `reason` is ERASED, LEAVING as soon as their deletion is asked for, FROZEN once nobody may use
    their data.
    """
    found = exports_holding(ids)
    for job_id in found:
        end_export(job_id=job_id, reason=reason, now=now)
    return len(found)
