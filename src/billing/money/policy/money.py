"""Money: whole cents and a currency; Decimal while computing, rounded once, half up, here."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

CURRENCIES = frozenset({"EUR", "CAD", "AED", "GBP"})

LARGEST_CENTS = 2**31 - 1  # what the columns of a price hold, and the most a line or a total comes to

_AMOUNT = re.compile(r"-?\d{1,12}([.,]\d{1,2})?")

_SPACES = dict.fromkeys(map(ord, " \u00a0\u202f"))

_GROUPED = re.compile(r"-?\s?(\d+|\d{1,3}([ \u00a0\u202f]\d{3})+)([.,]\d*)?\s?")


class BadAmount(ValueError):
    """Raised on what isn't an amount of money with at most two decimals."""


def round_cents(cents: Decimal) -> int:
    """Return an exact number of cents as whole cents, half away from zero.

    The one rounding of the product.
    """
    return int(cents.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def share_of(amount_cents: int, pct: Decimal) -> int:
    """Return this many per cent of an amount, in cents, rounded half up."""
    return round_cents(amount_cents * pct / 100)


def split(cents: int, weights: Sequence[int]) -> list[int]:
    """Return an amount shared out by weight in whole cents, the largest remainders first.

    The shares add up to it.
    """
    total = sum(weights)
    if not total:
        return [0] * len(weights)
    shares = [weight * cents // total for weight in weights]
    left = sorted(range(len(weights)), key=lambda n: (-abs(weights[n] * cents % total), n))
    for n in left[: cents - sum(shares)]:
        shares[n] += 1
    return shares


def parse_amount(text: str) -> int:
    """Return in cents an amount written "1200", "1200.5", "1 200,50"; raise BadAmount otherwise."""
    text = text.replace("\N{MINUS SIGN}", "-")
    plain = text.strip().translate(_SPACES)
    if not _AMOUNT.fullmatch(plain) or not _GROUPED.fullmatch(text.strip()):
        raise BadAmount(f"{text!r} isn't an amount with at most two decimals, such as 1200.00")
    return int(Decimal(plain.replace(",", ".")) * 100)


def format_amount(cents: int) -> str:
    """Return an amount with a point and two decimals, for files and programs: "1200.00"."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02d}"


def format_price(price: Decimal) -> str:
    """Return a price in currency with a point, two decimals or as many as it needs, for programs."""
    return format_pct(price)


def format_pct(rate_pct: Decimal) -> str:
    """Return a rate in per cent with two decimals, or as many as it has."""
    exponent = rate_pct.normalize().as_tuple().exponent
    places = max(2, -exponent if isinstance(exponent, int) else 2)
    return f"{rate_pct:.{places}f}"


def currency(code: str) -> str:
    """Return the code of a currency we sell in; raise ValueError on another."""
    if code not in CURRENCIES:
        raise ValueError(f"we don't sell in {code!r}, only in {', '.join(sorted(CURRENCIES))}")
    return code
