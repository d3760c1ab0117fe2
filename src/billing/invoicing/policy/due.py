"""The day an invoice is due: as it is issued, and after what was agreed to in writing or ended since."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.policy.clauses import keeps

PAYMENT_DAYS = 30  # from the invoice on, unless its quote agreed on another time


@dataclass(frozen=True, slots=True)
class AgreedExtension:
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
def due_when_issued(issued_on: date, *, payment_days: int, extended_until: date | None = None) -> date:
    """Return the day an invoice is due as it is issued: so many days later, or a later day agreed."""
    agreed = issued_on + timedelta(days=payment_days)
    return max(agreed, extended_until or agreed)


@keeps("LG-S6.3d", "LG-S20.3e")
def effective_due_on(
    due_on: date, *, deferrals: Iterable[AgreedExtension] = (), terminated_on: date | None = None
) -> date:
    """Return the day an invoice is due now.

    The last of the deferrals accepted in writing, none of which shortens the time; at once when its
    subscription was terminated, never later. `InvoiceQuerySet.with_due_day` says the same in SQL.
    """
    day = max([due_on, *(deferral.until for deferral in deferrals if deferral.counts)])
    return min(day, terminated_on or day)
