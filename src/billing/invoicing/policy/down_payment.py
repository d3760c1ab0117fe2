"""Deposits: a share asked before the sale, with its VAT, deducted line by line from the invoice of the
sale.
"""

from collections.abc import Iterable
from decimal import Decimal

from billing.money.policy.money import share_of
from billing.money.policy.vat import Subtotal

NEAR = 5  # cents: some share as near as that is rounded alike, whatever the rate


def down_payment_nets(subtotals: Iterable[Subtotal], *, pct: int) -> list[tuple[Subtotal, int]]:
    """Return what a deposit of so many per cent asks of each rate, excluding VAT, in cents.

    Raises ValueError unless it is from 1 to 99 per cent.
    """
    if not 1 <= pct <= 99:
        raise ValueError(f"not a deposit: {pct} %")
    found = [(part, _asked(part, pct)) for part in subtotals]
    return [(part, cents) for part, cents in found if cents]


def _asked(part: Subtotal, pct: int) -> int:
    """Return the share of a rate nearest to so many per cent whose VAT and the rest's make the whole's."""
    wanted = share_of(part.net_cents, Decimal(pct))
    rate = part.rate_pct or Decimal(0)
    whole = share_of(part.net_cents, rate)
    for cents in sorted(range(wanted - NEAR, wanted + NEAR + 1), key=lambda each: abs(each - wanted)):
        is_share = 0 < cents < part.net_cents
        if is_share and share_of(cents, rate) + share_of(part.net_cents - cents, rate) == whole:
            return cents
    return wanted
