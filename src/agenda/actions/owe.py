"""Promise something for a time."""

from datetime import datetime
from uuid import UUID, uuid4

from agenda.models import Obligation
from isolation.context import here


def owe(
    clause: str,
    *,
    subject: UUID,
    due_at: datetime,
    now: datetime,
    run_at: datetime | None = None,
    kind: str = "",
    occurrence: str = "",
    tenant_id: UUID | None = None,
) -> Obligation:
    """Return the obligation to keep a clause about a subject by `due_at`, opened once however often it is
    owed.

    `run_at` is when its keeper may start (default: `due_at`). Inside a tenant it is that tenant's.
    """
    place = here()
    owner = tenant_id or (place.tenant_id if place else None)
    key = {"clause": clause, "kind": kind, "subject_id": subject, "occurrence": occurrence}
    row = Obligation(
        id=uuid4(), tenant_id=owner, due_at=due_at, run_at=run_at or due_at, created_at=now, **key
    )
    Obligation.objects.bulk_create([row], ignore_conflicts=True)
    return Obligation.objects.get(**key)
