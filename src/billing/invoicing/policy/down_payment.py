"""Deposits: a share asked before the sale, with its VAT, deducted line by line from the invoice of the
sale.
"""

from collections.abc import Iterable
from decimal import Decimal

from billing.money.policy.money import share_of
from billing.money.policy.vat import Subtotal


def down_payment_nets(subtotals: Iterable[Subtotal], *, pct: int) -> list[tuple[Subtotal, int]]:
    """Return what a deposit of so many per cent asks of each rate, excluding VAT, in cents.

    Raises ValueError unless it is from 1 to 99 per cent.
    """
    if not 1 <= pct <= 99:
        raise ValueError(f"not a deposit: {pct} %")
    found = [(part, share_of(part.net_cents, Decimal(pct))) for part in subtotals]
    return [(part, cents) for part, cents in found if cents]
