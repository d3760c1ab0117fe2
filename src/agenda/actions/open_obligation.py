"""Promise something for a time."""

from datetime import datetime
from uuid import UUID, uuid4

from agenda.models import Obligation
from agenda.policy.spans import Span, at_instant
from contracts.registry import instant_slack
from isolation.context import current_context


def open_obligation(
    clause: str,
    *,
    subject: UUID,
    run_at: datetime,
    due_at: datetime,
    now: datetime,
    kind: str = "",
    occurrence: str = "",
    tenant_id: UUID | None = None,
) -> Obligation:
    """Return the obligation to keep a clause about a subject, opened once however often it is owed.

    `run_at` is the first moment its keeper may run, `due_at` the last at which it is still kept. Inside a
    tenant it is that tenant's. What is past its time already is owed all the same, and missed. Raises
    ValueError when a promise still to be kept leaves no time to do so.
    """
    if due_at >= now and not run_at < due_at:
        raise ValueError(f"{clause} {kind} leaves no time to be kept: {run_at} to {due_at}")
    place = current_context()
    owner = tenant_id or (place.tenant_id if place else None)
    key = {"clause": clause, "kind": kind, "subject_id": subject, "occurrence": occurrence}
    row = Obligation(id=uuid4(), tenant_id=owner, run_at=run_at, due_at=due_at, created_at=now, **key)
    Obligation.objects.bulk_create([row], ignore_conflicts=True)
    return Obligation.objects.get(**key)


def instant(at: datetime) -> Span:
    """Return the span of a promise for an instant, with the slack the contracts' profiles give it."""
    return at_instant(at, slack=instant_slack())
