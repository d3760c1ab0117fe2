"""VAT: computed once per rate on the whole document, never line by line (EN 16931)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from billing.money.policy.money import round_cents, share_of

OUTSIDE_SCOPE: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Subtotal:
    """What a document adds up to for one rate; a rate of None is outside the scope of VAT.

    Category of EN 16931 and reason tell sales without VAT apart; both are empty where the lines don't say
    them.
    """

    rate_pct: Decimal | None
    net_cents: int
    vat_cents: int
    category: str = ""
    reason: str = ""

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


Taxed = tuple[int, Decimal | None] | tuple[int, Decimal | None, str, str]


def totals(lines: Iterable[Taxed]) -> Totals:
    """Return the totals of a document from its lines.

    A line is its net cents and its rate in per cent (None outside scope), or these two with its category of
    EN 16931 and its reason. VAT is rounded half up once per rate, on the sum of the rate's lines. Source: EN
    16931, BR-CO-17.
    """
    nets: dict[tuple[Decimal | None, str, str], int] = {}
    for net_cents, rate_pct, *why in lines:
        category, reason = why or ("", "")
        key = (checked_rate(rate_pct), category, reason)
        nets[key] = nets.get(key, 0) + net_cents
    ordered = sorted(nets.items(), key=lambda item: (item[0][0] is None, -(item[0][0] or 0), item[0][1:]))
    parts = tuple(
        Subtotal(rate, net, 0 if rate is None else share_of(net, rate), category, reason)
        for (rate, category, reason), net in ordered
    )
    return Totals(sum(part.net_cents for part in parts), sum(part.vat_cents for part in parts), parts)


def split_gross(gross_cents: int, rate_pct: Decimal | None) -> Split:
    """Return the net and the VAT that an amount including VAT is made of; outside scope all of it is net."""
    rate = checked_rate(rate_pct)
    if not rate:
        return Split(gross_cents, 0)
    vat_cents = round_cents(gross_cents * rate / (100 + rate))
    return Split(gross_cents - vat_cents, vat_cents)
