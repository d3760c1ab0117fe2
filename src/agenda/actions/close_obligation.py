"""Close a promise that has become moot, or that a person has kept."""

from datetime import datetime
from typing import Any
from uuid import UUID

from agenda.models import Obligation


def close_obligation(
    clause: str,
    *,
    subject: UUID,
    now: datetime,
    kind: str = "",
    occurrence: str | None = None,
    state: str = Obligation.State.MOOT,
    evidence: dict[str, Any] | None = None,
) -> int:
    """Return how many waiting obligations were closed; all occurrences unless one is named."""
    rows = Obligation.objects.waiting().filter(clause=clause, kind=kind, subject_id=subject)
    if occurrence is not None:
        rows = rows.filter(occurrence=occurrence)
    rows.note_missed(now)
    return rows.update(state=state, settled_at=now, evidence=evidence or {})
