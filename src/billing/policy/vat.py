"""VAT: computed once per rate on the whole document, never line by line (EN 16931)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from billing.policy.money import round_cents, share_of

OUTSIDE_SCOPE: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Subtotal:
    """What a document adds up to for one rate; a rate of None is outside the scope of VAT."""

    rate_pct: Decimal | None
    net_cents: int
    vat_cents: int

    @property
    def gross_cents(self) -> int:
        """Return the subtotal, VAT included."""
        return self.net_cents + self.vat_cents


@dataclass(frozen=True, slots=True)
class Totals:
    """What a document adds up to, and how, rate by rate."""

    net_cents: int
    vat_cents: int
    subtotals: tuple[Subtotal, ...]

    @property
    def gross_cents(self) -> int:
        """Return the total, VAT included."""
        return self.net_cents + self.vat_cents


@dataclass(frozen=True, slots=True)
class Split:
    """An amount including VAT, taken apart."""

    net_cents: int
    vat_cents: int


def checked_rate(rate_pct: Decimal | None) -> Decimal | None:
    """Return the rate; raise ValueError unless it is None or from 0 to 100."""
    if rate_pct is not None and not (rate_pct.is_finite() and 0 <= rate_pct <= 100):
        raise ValueError(f"not a rate of VAT: {rate_pct}")
    return rate_pct


def totals(lines: Iterable[tuple[int, Decimal | None]]) -> Totals:
    """Return the totals of a document from its lines (net cents, rate in per cent or None outside scope).

    VAT is rounded half up once per rate, on the sum of the rate's lines. Source: EN 16931, BR-CO-17.
    """
    nets: dict[Decimal | None, int] = {}
    for net_cents, rate_pct in lines:
        rate = checked_rate(rate_pct)
        nets[rate] = nets.get(rate, 0) + net_cents
    ordered = sorted(nets.items(), key=lambda item: (item[0] is None, -(item[0] or 0)))
    parts = tuple(Subtotal(rate, net, 0 if rate is None else share_of(net, rate)) for rate, net in ordered)
    return Totals(sum(part.net_cents for part in parts), sum(part.vat_cents for part in parts), parts)


def split_gross(gross_cents: int, rate_pct: Decimal | None) -> Split:
    """Return the net and the VAT that an amount including VAT is made of; outside scope all of it is net."""
    rate = checked_rate(rate_pct)
    if not rate:
        return Split(gross_cents, 0)
    vat_cents = round_cents(gross_cents * rate / (100 + rate))
    return Split(gross_cents - vat_cents, vat_cents)
