"""Owe again what was dropped for a reason that turned out not to exist."""

from typing import Any
from uuid import UUID

from agenda.models import Obligation


def reopen_obligation(clause: str, *, subject: UUID, evidence: dict[str, Any], kind: str = "") -> int:
    """Return how many obligations that became moot with this evidence are owed again.

    What should have been kept meanwhile is missed.
    """
    rows = Obligation.objects.filter(
        clause=clause, kind=kind, subject_id=subject, state=Obligation.State.MOOT, evidence=evidence
    )
    return rows.update(state=Obligation.State.PENDING, settled_at=None, evidence={})
