"""Ask for an export."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from agenda.actions import open_obligation
from agenda.loop import wake_worker
from audit.actions import log_action
from exports.models import ExportJob
from exports.policy.keeping import BUILT_WITHIN
from exports.registry import builder_of
from people.models import Person


@transaction.atomic
def ask_export(
    *, kind: str, subject_id: UUID | None, by: Person, now: datetime, language: str = ""
) -> ExportJob:
    """Return the job that will build this export for this person; the one already under way if there is one.

    Whether `by` may have it is checked before, by what the builder offers them. Raises KeyError on an unknown
    kind.
    """
    builder_of(kind)
    wanted = {"requested_by": by, "kind": kind, "subject_id": subject_id}
    try:
        with transaction.atomic():
            job = ExportJob.objects.create(requested_at=now, language=language or by.language, **wanted)
    except IntegrityError:
        return ExportJob.objects.unfinished().get(**wanted)
    open_obligation("LG-DCp", kind="export", subject=job.pk, due_at=now + BUILT_WITHIN, run_at=now, now=now)
    log_action(
        "export.asked",
        by=by,
        on=job,
        at=now,
        facts={"kind": kind},
        about=[i for i in (subject_id, by.pk) if i],
    )
    wake_worker()
    return job
