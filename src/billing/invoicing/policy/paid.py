"""What was paid on an invoice, and when; and what was there already when it was issued."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Payment:
    """What was paid, and on which day."""

    paid_on: date
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Prepaid:
    """The money that was there at issue, and the day all of it was; None while something is left to pay."""

    cents: int = 0
    on: date | None = None


def prepaid(*, gross_cents: int, paid: Payment | None) -> Prepaid:
    """Return what an invoice says of money that came before it: never more than it asks.

    One that asks nothing was not paid by anything.
    """
    if paid is None or gross_cents <= 0:
        return Prepaid()
    cents = min(gross_cents, paid.amount_cents)
    return Prepaid(cents, paid.paid_on if cents == gross_cents else None)
