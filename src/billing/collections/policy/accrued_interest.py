"""The yearly rates of late payment as a table: what a statement over many invoices joins with."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from billing.collections.policy.late_interest import consumer_rate, professional_rate, public_body_rate
from billing.money.policy.rates import HalfYear, Rates, UnknownRate

RULES: dict[str, Callable[[date, Rates], Decimal]] = {
    "professional": professional_rate,
    "consumer": consumer_rate,
    "public_body": lambda first, rates: public_body_rate(first - timedelta(days=1), rates),
}


def half_key(half: HalfYear) -> int:
    """Return a half-year as a number, one more for each that follows."""
    return half.year * 2 + half.half - 1


def half_of(key: int) -> HalfYear:
    """Return the half-year a number stands for."""
    return HalfYear(key // 2, key % 2 + 1)


def rate_table(first: date, last: date, rates: Rates) -> list[tuple[str, int, Decimal]]:
    """Return (regime, half-year, rate in per cent) for every half-year from a day to another.

    Unknown ones left out.

    The half-year is that of the day interest is frozen by: the due date, a consumer's notice, a public body's
    day after.
    """
    found = []
    for key in range(half_key(HalfYear.of(first)), half_key(HalfYear.of(last + timedelta(days=1))) + 1):
        starts_on = half_of(key).starts_on
        for customer_type, rule in RULES.items():
            try:
                found.append((customer_type, key, rule(starts_on, rates)))
            except UnknownRate:
                continue
    return found
