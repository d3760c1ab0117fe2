"""Prices: whose currency, shown with or without VAT, from a list or for a while."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.money.policy.money import share_of
from contracts.policy.clauses import keeps

EURO = "EUR"

OWN_CURRENCY = {"CA": "CAD", "AE": "AED", "GB": "GBP"}


class NotOnTheList(LookupError):
    """Raised when a list has no price for what is asked."""


class EurosOnly(ValueError):
    """Raised when something bears VAT in another currency than the euro, in which VAT must be told."""


@dataclass(frozen=True, slots=True)
class ShownPrice:
    """A price as a kind of client reads it."""

    cents: int
    with_vat: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A price of a list: for a term (0 is the product's own), from a quantity on."""

    net_cents: int
    term_months: int = 0
    from_quantity: int = 1
    gross_cents: int | None = None  # what a consumer pays, where the list says it with its VAT


@dataclass(frozen=True, slots=True)
class Promo:
    """A lower price over a half-open period."""

    net_cents: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class QuotedPrice:
    """What one costs on a day, and what it costs on the list."""

    net_cents: int
    list_cents: int
    gross_cents: int | None = None
    list_gross_cents: int | None = None

    @property
    def is_promotional(self) -> bool:
        """Return whether it is less than the list price, for a while."""
        return self.net_cents < self.list_cents


@keeps("LG-S6.1")
def currency_for(country: str) -> str:
    """Return the currency prices are shown in there: its own where we sell in it, else the euro."""
    return OWN_CURRENCY.get(country, EURO)


def check_currency(currency: str, *, vat_cents: int) -> None:
    """Raise EurosOnly when a document bears VAT in another currency.

    Its VAT would have to be told in euros too.
    """
    if vat_cents and currency != EURO:
        raise EurosOnly(currency)


@keeps("LG-S6.1")
def shown(
    net_cents: int, rate_pct: Decimal | None, *, consumer: bool, gross_cents: int | None = None
) -> ShownPrice:
    """Return a price as it is displayed: excluding VAT to professionals, including it to consumers.

    Outside the scope of VAT (a rate of None) both pay the same, which for a consumer is the price all
    included. A consumer's price that was set with its VAT is `gross_cents`, whatever it comes to without.
    """
    if not consumer:
        return ShownPrice(net_cents, with_vat=False)
    if gross_cents is not None:
        return ShownPrice(gross_cents, with_vat=True)
    return ShownPrice(net_cents + (share_of(net_cents, rate_pct) if rate_pct else 0), with_vat=True)


@keeps("LG-S6.1")
def listed(prices: Iterable[Listed], *, quantity: int, term_months: int = 0, own_term: int = 12) -> int:
    """Return the list price of one, in cents, for a term and a quantity.

    The best step the quantity reaches counts. A term without a price of its own is charged as the product's
    own, month by month, rounded half up. Raises NotOnTheList where there is no price at all, ValueError below
    one.
    """
    if quantity < 1 or own_term < 1:
        raise ValueError("a price is for at least one, for at least a month")
    reached = [price for price in prices if price.from_quantity <= quantity]
    wanted = 0 if term_months == own_term else term_months
    own = {price.term_months: price for price in sorted(reached, key=lambda price: price.from_quantity)}
    if wanted in own:
        return own[wanted].net_cents
    if 0 not in own:
        raise NotOnTheList(f"no price from {quantity} on")
    return share_of(own[0].net_cents, Decimal(wanted * 100) / own_term)


@keeps("LG-S6.1")
def gross_of(prices: Iterable[Listed], net_cents: int) -> int | None:
    """Return what a consumer pays for one at a list price, where the list says it with its VAT."""
    return next((each.gross_cents for each in prices if each.net_cents == net_cents), None)


@keeps("MC-11")
def to_pay(list_cents: int, promotions: Iterable[Promo], *, on: date, is_new: bool = True) -> QuotedPrice:
    """Return what a buyer is asked on a day.

    Who is new to the product the lowest promotion that runs, else the list's.

    The list price stays what it was: renewals and notices of new prices start from it. A promotion above the
    list price is none.
    """
    running = [each.net_cents for each in promotions if is_new and each.starts_on <= on < each.ends_on]
    return QuotedPrice(min([list_cents, *running]), list_cents)


@keeps("LG-S6.1s")
def delivery_fee(goods_net_cents: int, *, fee_cents: int, free_from_cents: int | None) -> int:
    """Return what delivery costs, excluding VAT.

    Nothing without things to ship or above the list's threshold.
    """
    if goods_net_cents <= 0 or (free_from_cents is not None and goods_net_cents >= free_from_cents):
        return 0
    return fee_cents
