"""Changing a contract that runs: what it does, and what it costs until the term's end."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.policy.money import round_cents
from billing.policy.terms import months_earlier


class NotMore(ValueError):
    """Raised when the change adds nothing: licences go down at a renewal only, for sums to term stay due."""


class TermOver(ValueError):
    """Raised when the contract has no day left to pay for, or no end to count to."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """The price and the effect of adding licences to a contract that runs (half-open period)."""

    licences_before: int
    licences_after: int
    starts_on: date
    ends_on: date
    days: int
    days_of_term: int
    unit_net_cents: int

    @property
    def added(self) -> int:
        """Return how many licences it adds."""
        return self.licences_after - self.licences_before

    @property
    def net_cents(self) -> int:
        """Return what it costs excluding VAT."""
        return self.added * self.unit_net_cents


def amendment(
    *, licences_before: int, licences_after: int, term_price_cents: int, term_months: int, counts_from: date,
    ends_on: date | None,
) -> Amendment:  # fmt: skip
    """Return the effect and the price of raising a contract's licences from a day to the end of its term.

    One licence costs its price for a whole term, pro rata to the days left of the term that ends on `ends_on`
    (excluded), rounded half up once per licence. Raises NotMore, TermOver.
    Clause: LG-S15
    """
    if licences_after <= licences_before:
        raise NotMore(licences_after)
    if ends_on is None or counts_from >= ends_on:
        raise TermOver(ends_on)
    days, whole = (ends_on - counts_from).days, (ends_on - months_earlier(ends_on, term_months)).days
    unit = round_cents(Decimal(term_price_cents) * days / whole)
    return Amendment(licences_before, licences_after, counts_from, ends_on, days, whole, unit)


def still_true(*, licences_now: int, licences_before: int, ends_on: date | None, today: date) -> bool:
    """Return whether the contract still is as the amendment found it: else it needs a new version.

    Clause: LG-S15
    """
    return licences_now == licences_before and (ends_on is None or today < ends_on)
