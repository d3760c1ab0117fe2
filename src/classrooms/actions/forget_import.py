"""Forget the rows of imports nobody confirmed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit.actions import log_action
from classrooms.models import ImportBatch


@transaction.atomic
def forget_import(*, batch_id: UUID, now: datetime) -> int:
    """Return how many rows were forgotten; an import that was applied or given up has none left."""
    batch = ImportBatch.objects.select_for_update().filter(pk=batch_id).first()
    if batch is None or not batch.is_open:
        return 0
    rows = len(batch.rows)
    batch.forget_rows().state = ImportBatch.State.GIVEN_UP
    batch.save()
    log_action("import.given_up", by=None, on=batch, at=now, facts={"rows": rows})
    return rows
