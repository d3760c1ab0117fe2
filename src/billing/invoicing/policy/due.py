"""The day an invoice is due: as it is issued, and after what was agreed to in writing or ended since."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.policy.clauses import keeps

PAYMENT_DAYS = 30  # from the invoice on, unless its quote agreed on another time

LONGEST_DAYS = 60  # code de commerce, art. L441-10 I

LONGEST_DAYS_OF_A_PUBLIC_BODY = 30  # code de la commande publique, art. R2192-10


class PaidTooLate(ValueError):
    """Raised when a quote gives its client more days to pay than the law allows."""

    def __init__(self, most: int) -> None:
        super().__init__(f"at most {most} days to pay")
        self.most = most


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


def longest_payment_days(customer_type: str) -> int:
    """Return how many days from its invoice on a client of a kind may have to pay."""
    return LONGEST_DAYS_OF_A_PUBLIC_BODY if customer_type == "public_body" else LONGEST_DAYS


def check_payment_days(days: int, *, customer_type: str) -> None:
    """Raise PaidTooLate past the longest time the law allows; a deferral agreed in writing is apart."""
    if days > (most := longest_payment_days(customer_type)):
        raise PaidTooLate(most)


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
