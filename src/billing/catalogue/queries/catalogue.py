"""What is sold on a day, at which price, and what a buyer must be told of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language

from billing.catalogue.models import Price, PriceList, Product, Promotion, Requirements
from billing.catalogue.policy.catalogue import Version, is_for, requirements_on
from billing.catalogue.policy.prices import (
    Listed,
    Promo,
    QuotedPrice,
    ShownPrice,
    gross_of,
    listed,
    shown,
    to_pay,
)
from billing.registry import ask
from contracts.policy.clauses import keeps
from contracts.registry import profile
from tenants.models import Customer


def list_in_force(on: date, *, currency: str = "EUR") -> PriceList | None:
    """Return the price list of a currency on a day."""
    return PriceList.objects.in_force(on).filter(currency=currency).first()


def prices_of(price_list: PriceList | None, products: Iterable[Product]) -> dict[object, list[Price]]:
    """Return the prices of products on a list, by product."""
    found: dict[object, list[Price]] = {}
    if price_list is not None:
        for price in Price.objects.filter(price_list=price_list, product__in=products):
            found.setdefault(price.product_id, []).append(price)
    return found


def promotions_of(products: Iterable[Product], *, currency: str, on: date) -> dict[object, list[Promo]]:
    """Return the promotions that run on a day, by product."""
    rows = Promotion.objects.filter(
        product__in=products, currency=currency, starts_on__lte=on, ends_on__gt=on
    )
    found: dict[object, list[Promo]] = {}
    for row in rows:
        found.setdefault(row.product_id, []).append(Promo(row.net_cents, row.starts_on, row.ends_on))
    return found


@dataclass(frozen=True, slots=True)
class PriceBook:
    """The prices of a day in a currency for one buyer, read once.

    `running` are the subscriptions they have already.
    """

    currency: str
    on: date
    prices: Mapping[object, Sequence[Price]]
    promotions: Mapping[object, Sequence[Promo]]
    running: frozenset[object] = frozenset()

    @keeps("LG-S6.1", "MC-11")
    def asked(self, product: Product, *, quantity: int = 1, term_months: int = 0) -> QuotedPrice:
        """Return what one of a product costs this buyer, and what the list says. Raises NotOnTheList.

        Only a subscription has a term. A promotion is for the product's own term and for one: it never adds
        to a price by quantity or term; a subscription's is for who hasn't it yet.
        """
        rows = self.prices.get(product.pk, [])
        known = [_listed(row) for row in rows]
        months = term_months if product.kind == Product.Kind.SUBSCRIPTION else 0
        list_cents = listed(known, quantity=quantity, term_months=months, own_term=product.term_months)
        promotions = self.promotions.get(product.pk, []) if months in {0, product.term_months} else []
        asked = to_pay(list_cents, promotions, on=self.on, is_new=product.pk not in self.running)
        return _with_gross(asked, known)


def _listed(row: Price) -> Listed:
    return Listed(row.net_cents, row.term_months, row.from_quantity, row.gross_cents)


def _with_gross(asked: QuotedPrice, known: Sequence[Listed]) -> QuotedPrice:
    """Return a price with what a consumer pays where the list says it; a promotion's follows its VAT."""
    return replace(
        asked,
        gross_cents=gross_of(known, asked.net_cents),
        list_gross_cents=gross_of(known, asked.list_cents),
    )


def price_book(
    on: date,
    *,
    currency: str = "EUR",
    products: Iterable[Product] | None = None,
    customer: Customer | None = None,
) -> PriceBook:
    """Return the prices of a day in a currency: of these products, or of all on sale.

    For this customer, or a new one.
    """
    sold = list(Product.objects.on_sale(on) if products is None else products)
    running = running_products(customer) if customer else frozenset()
    prices = prices_of(list_in_force(on, currency=currency), sold)
    promotions = promotions_of(sold, currency=currency, on=on)
    return PriceBook(currency, on, prices, promotions, running)


def running_products(customer: Customer) -> frozenset[object]:
    """Return the products a customer's running subscriptions are of."""
    found: frozenset[object] = ask("running_products", customer)
    return found


def asked_for(
    product: Product, *, on: date, currency: str = "EUR", quantity: int = 1, term_months: int = 0
) -> QuotedPrice:
    """Return what one of a product costs a new buyer on a day, and what the list says.

    Raises NotOnTheList.
    """
    book = price_book(on, currency=currency, products=[product])
    return book.asked(product, quantity=quantity, term_months=term_months)


@dataclass(frozen=True, slots=True)
class Priced:
    """A product on sale as a visitor reads it; `was` is the list price while a promotion runs."""

    product: Product
    price: ShownPrice
    was: ShownPrice | None
    currency: str
    promotion_ends_on: date | None = None

    @property
    def unit(self) -> str:
        """Return what one of it is called, in the language of the page."""
        return self.product.unit((get_language() or "fr")[:2])


@keeps("LG-S6.1")
def on_sale(on: date, *, currency: str, rate_pct: Decimal | None, consumer: bool) -> list[Priced]:
    """Return what is on sale on a day with its displayed prices: VAT in for consumers, out for
    professionals.
    """
    products = list(Product.objects.on_sale(on).filter(option_of=None))
    prices = prices_of(list_in_force(on, currency=currency), products)
    promotions = promotions_of(products, currency=currency, on=on)
    found = []
    for product in products:
        base = [row for row in prices.get(product.pk, []) if row.term_months == 0 and row.from_quantity == 1]
        if not base:
            continue
        running = promotions.get(product.pk, [])
        asked = _with_gross(to_pay(base[0].net_cents, running, on=on), [_listed(base[0])])
        was = (
            shown(asked.list_cents, rate_pct, consumer=consumer, gross_cents=asked.list_gross_cents)
            if asked.is_promotional
            else None
        )
        ends_on = min((each.ends_on for each in running), default=None) if was else None
        price = shown(asked.net_cents, rate_pct, consumer=consumer, gross_cents=asked.gross_cents)
        found.append(Priced(product, price, was, currency, ends_on))
    return found


@keeps("LG-S11", "LG-S4")
def requirements_of(product: Product, on: date) -> Requirements | None:
    """Return the version of a product's technical requirements in force on a day."""
    rows = {row.version: row for row in product.requirements.all()}
    chosen = requirements_on([Version(row.version, row.in_force_on) for row in rows.values()], on)
    return rows[chosen.number] if chosen else None


@keeps("LG-S11")
def requirements_to_come(product: Product, on: date) -> list[Requirements]:
    """Return the major versions of a product's requirements that were told and hold later, the next first."""
    rows = product.requirements.filter(is_major=True, in_force_on__gt=on, published_on__lte=on)
    return list(rows.order_by("in_force_on", "version"))


@keeps("LG-S10.1")
def substitutes(product: Product, currency: str, *, on: date, most: int = 3) -> list[Product]:
    """Return things in stock and on sale in a currency that may stand in for one that is gone, the nearest
    price first.
    """
    prices = list_in_force(on, currency=currency)
    there = (
        Product.objects.on_sale(on).physical().filter(option_of=None).exclude(pk=product.pk).exclude(stock=0)
    )
    worth = {key: rows[0].net_cents for key, rows in prices_of(prices, [*there, product]).items()}
    mine = worth.get(product.pk, 0)
    found = [each for each in there if each.pk in worth]
    return sorted(found, key=lambda each: abs(worth[each.pk] - mine))[:most]


def is_offered(product: Product, client: str, *, on: date) -> bool:
    """Return whether a product is for a kind of client.

    A subscription is for whom its contract is written.
    """
    return not product.profile or is_for(profile(product.profile, on=on).client, client)


def is_opening(offers: Iterable[str], *, on: date) -> bool:
    """Return whether one of these offers opens a place of its own, which its buyer names."""
    return any(offer and profile(offer, on=on).domain != "shared" for offer in offers)


SHARED = "shared"


def lives_with_others(product: Product, *, on: date) -> bool:
    """Return whether a product opens no address of its own: its customers share a tenant."""
    return bool(product.profile) and profile(product.profile, on=on).domain == SHARED
