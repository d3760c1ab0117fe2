"""Discounts: one part per rate of VAT, so that each rate's base is right; never more than what is sold."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from billing.money.policy.money import share_of

Rate = TypeVar("Rate", bound=Hashable)  # a rate in per cent, or how a line is taxed


class TooMuchDiscount(ValueError):
    """Raised when a discount is below zero or takes off more than is sold."""


@dataclass(frozen=True, slots=True)
class Discount:
    """So many per cent of what is sold, or an amount excluding VAT in cents."""

    pct: Decimal | None = None
    cents: int = 0


@dataclass(frozen=True, slots=True)
class Part(Generic[Rate]):
    """What the discount takes off the base of one rate; above zero."""

    rate: Rate
    cents: int


def spread_discount(discount: Discount, lines: Iterable[tuple[int, Rate]]) -> tuple[Part[Rate], ...]:
    """Return what a discount takes off each rate's base; parts of nothing are left out.

    A percentage is taken once per rate, rounded half up; an amount is shared in proportion to the bases and
    adds up to the cent. Raises TooMuchDiscount.
    """
    bases: dict[Rate, int] = {}
    for net_cents, rate in lines:
        bases[rate] = bases.get(rate, 0) + net_cents
    total = sum(bases.values())
    if discount.pct is not None:
        if not 0 <= discount.pct <= 100:
            raise TooMuchDiscount(discount.pct)
        found = {rate: share_of(base, discount.pct) for rate, base in bases.items()}
    else:
        if not 0 <= discount.cents <= max(total, 0):
            raise TooMuchDiscount(discount.cents)
        found = _shared(discount.cents, bases, total)
    return tuple(Part(rate, cents) for rate, cents in found.items() if cents)


def _shared(cents: int, bases: dict[Rate, int], total: int) -> dict[Rate, int]:
    """Return the amount in proportion to the bases, the cents left over going to the largest remainders."""
    if not cents:
        return {}
    found = {rate: cents * base // total for rate, base in bases.items()}
    left = cents - sum(found.values())
    by_rest = sorted(bases, key=lambda rate: (-(cents * bases[rate] % total), str(rate)))
    for rate in by_rest[:left]:
        found[rate] += 1
    return found
