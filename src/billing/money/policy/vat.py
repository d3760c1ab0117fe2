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
    them. `natures` are its net cents by goods and services, empty where the lines tell them.
    """

    rate_pct: Decimal | None
    net_cents: int
    vat_cents: int
    category: str = ""
    reason: str = ""
    natures: tuple[tuple[str, int], ...] = ()

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


Taxed = (
    tuple[int, Decimal | None]
    | tuple[int, Decimal | None, str, str]
    | tuple[int, Decimal | None, str, str, int | None]
)


def totals(lines: Iterable[Taxed]) -> Totals:
    """Return the totals of a document from its lines.

    A line is its net cents and its rate in per cent (None outside scope), these two with its category of EN
    16931 and its reason, or all this with its gross cents where its price was set with VAT: then its VAT is
    what is between the two. Else VAT is rounded half up once per rate, on the sum of the rate's lines.
    Source: EN 16931, BR-CO-17.
    """
    nets: dict[tuple[Decimal | None, str, str], int] = {}
    within: dict[tuple[Decimal | None, str, str], tuple[int, int]] = {}
    for net_cents, rate_pct, *why in lines:
        category, reason, gross_cents = _told(*why)
        key = (checked_rate(rate_pct), category, reason)
        nets[key] = nets.get(key, 0) + net_cents
        if gross_cents is not None:
            base, vat_cents = within.get(key, (0, 0))
            within[key] = (base + net_cents, vat_cents + gross_cents - net_cents)
    ordered = sorted(nets.items(), key=lambda item: (item[0][0] is None, -(item[0][0] or 0), item[0][1:]))
    parts = tuple(
        Subtotal(key[0], net, _vat(net, key[0], *within.get(key, (0, 0))), *key[1:]) for key, net in ordered
    )
    return Totals(sum(part.net_cents for part in parts), sum(part.vat_cents for part in parts), parts)


def _told(
    category: str = "", reason: str = "", gross_cents: int | None = None
) -> tuple[str, str, int | None]:
    return category, reason, gross_cents


def _vat(net_cents: int, rate_pct: Decimal | None, base_cents: int, within_cents: int) -> int:
    """Return the VAT of a rate: what lies within prices set with it, and that of the rest."""
    return 0 if rate_pct is None else within_cents + share_of(net_cents - base_cents, rate_pct)


def net_of_line(
    quantity: int, unit_net_cents: int, unit_gross_cents: int | None, rate_pct: Decimal | None
) -> int:
    """Return what a line comes to excluding VAT: of its price with VAT where it was set so."""
    if unit_gross_cents is None:
        return quantity * unit_net_cents
    return split_gross(quantity * unit_gross_cents, rate_pct).net_cents


def with_vat(net_cents: int, rate_pct: Decimal | None) -> int:
    """Return an amount with its VAT; outside scope it is the same."""
    return net_cents + (share_of(net_cents, rate_pct) if rate_pct else 0)


def split_gross(gross_cents: int, rate_pct: Decimal | None) -> Split:
    """Return the net and the VAT that an amount including VAT is made of; outside scope all of it is net."""
    rate = checked_rate(rate_pct)
    if not rate:
        return Split(gross_cents, 0)
    vat_cents = round_cents(gross_cents * rate / (100 + rate))
    return Split(gross_cents - vat_cents, vat_cents)
