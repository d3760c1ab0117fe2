"""Try a failed promise again, at a person's word."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from agenda.models import Obligation


class NothingToRetry(Exception):
    """Raised when the obligation isn't waiting any more."""


@transaction.atomic
def retry(*, obligation_id: UUID, now: datetime) -> Obligation:
    """Return the obligation, due to run at once. Raises NothingToRetry."""
    row = Obligation.objects.waiting().select_for_update().filter(pk=obligation_id).first()
    if row is None:
        raise NothingToRetry(obligation_id)
    row.run_at = now
    row.save(update_fields=["run_at"])
    return row
