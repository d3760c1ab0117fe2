"""Write in the ledger whom the operator forgot of those it knows itself."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from agenda.actions import open_obligation
from contracts.policy.months import months_after
from dpa.actions.request_erasure import CLAUSE
from dpa.gateways import ledger
from dpa.policy.ledger import HOUSE, KEPT_MONTHS, Line


def record_house_erasure(
    *, erasure: UUID, kind: str, subjects: Collection[UUID], asked_at: datetime, now: datetime
) -> None:
    """Write the line, on disk before the commit, and promise that the ledger forgets it in its turn."""
    line = Line(
        deletion=erasure,
        tenant=HOUSE,
        kind=kind,
        subjects=tuple(subjects),
        asked_at=asked_at,
        erased_at=now,
    )
    ledger.append(line)
    schedule_prune(erasure, now=now)


def schedule_prune(erasure: UUID, *, now: datetime) -> None:
    """Promise that the ledger's line of an erasure goes once no backup can bring its people back."""
    until = now.replace(hour=3, minute=0, second=0, microsecond=0) + (
        months_after(now.date(), KEPT_MONTHS) - now.date()
    )
    open_obligation(
        CLAUSE, kind="prune", subject=erasure, run_at=until, due_at=until + timedelta(days=1), now=now
    )
