"""The day an invoice is due after what was agreed to in writing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from contracts.policy.clauses import keeps


@dataclass(frozen=True, slots=True)
class Deferral:
    """A delay the client asked for; it counts once accepted in writing, with the document kept."""

    asked_on: date
    until: date
    accepted_on: date | None
    has_document: bool

    @property
    def counts(self) -> bool:
        """Return whether it was accepted in writing."""
        return self.accepted_on is not None and self.has_document


@keeps("LG-S6.3d")
def deferred_due_on(due_on: date, deferrals: Iterable[Deferral]) -> date:
    """Return the due date after the deferrals that were accepted in writing; one never shortens the time."""
    return max([due_on, *(deferral.until for deferral in deferrals if deferral.counts)])
