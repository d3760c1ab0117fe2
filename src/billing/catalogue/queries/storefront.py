"""Show today's prices to a visitor, and what is told of a product before anything is signed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from billing.catalogue.models import Product
from billing.catalogue.policy.dispatch import dispatch_day, leaving_day
from billing.catalogue.policy.offer import Offer, offer
from billing.catalogue.policy.prices import ShownPrice, currency_for, shown
from billing.catalogue.queries.catalogue import (
    Priced,
    asked_for,
    is_offered,
    list_in_force,
    on_sale,
    requirements_of,
)
from billing.customers.policy.clients import NOTHING_SAID, PurchaseCapacity
from billing.money.gateways.holidays import house_holidays
from billing.money.gateways.rate_tables import tax_table
from billing.money.gateways.taxation import seller_party, tax
from billing.money.policy.address import Address
from billing.money.policy.days import PARIS, paris_day
from billing.money.policy.tax import Party, treatment
from contracts.gateways.operator_calendar import operator_closures
from contracts.policy.clauses import keeps
from tenants.models import Customer

NATURES = ("services", "goods")


@dataclass(frozen=True, slots=True)
class Storefront:
    """The prices of a day as a visitor of a country reads them, and when what ships would leave."""

    shown: list[Priced]
    currency: str
    consumer: bool
    delivery: ShownPrice | None
    leaves_on: date


@keeps("LG-S6.1", "LG-S6.1s", "LG-S7")
def storefront(*, now: datetime, country: str, consumer: bool) -> Storefront:
    """Return what is on sale now, in the country's currency and with or without its VAT.

    Raises UnknownTerritory.

    What delivery costs and the day things would leave are said before anything is ordered.
    """
    today = paris_day(now)
    kind = "consumer" if consumer else "professional"
    buyer = Party(country=country, kind=kind)
    currency = currency_for(country)
    rates = {
        nature: treatment(seller_party(), buyer, nature, today, table=tax_table()).rate_pct
        for nature in NATURES
    }
    found = [
        each
        for nature, rate in rates.items()
        for each in on_sale(today, currency=currency, rate_pct=rate, consumer=consumer)
        if each.product.nature == nature and is_offered(each.product, kind, on=today)
    ]
    prices = list_in_force(today, currency=currency)
    fee = shown(prices.delivery_net_cents, rates["goods"], consumer=consumer) if prices else None
    return Storefront(found, currency, consumer, fee, next_dispatch(now))


@keeps("LG-S7")
def next_dispatch(now: datetime) -> date:
    """Return the day on which what is ordered and paid now would leave."""
    local = now.astimezone(PARIS).replace(tzinfo=None)
    return dispatch_day(local, holidays=house_holidays(local.date()), closed=operator_closures())


def leaves_when_funded(shown_on: date | None, now: datetime) -> tuple[date, str]:
    """Return the day on which an order leaves that is funded now, and why it isn't the one shown."""
    local = now.astimezone(PARIS).replace(tzinfo=None)
    closed = operator_closures()
    return leaving_day(shown_on, funded_at=local, holidays=house_holidays(local.date()), closed=closed)


@keeps("LG-S4")
def offer_of(
    product: Product,
    customer: Customer,
    *,
    on: date,
    language: str,
    net_cents: int | None = None,
    gross_cents: int | None = None,
    term_months: int = 0,
    renewal: str = "",
    methods: Iterable[str] = (),
    capacity: PurchaseCapacity = NOTHING_SAID,
    delivery: Address | None = None,
) -> Offer:
    """Return what a customer must see of a product before validating or signing.

    Raises Incomplete, NotOnTheList.

    `capacity` is what a professional said of this purchase.

    A quote says its own price, term and renewal; else they are the list's and the product's.
    """
    protected = capacity.is_consumer_protected(customer.customer_type)
    currency = currency_for(customer.country)
    if net_cents is None:
        asked = asked_for(product, on=on, currency=currency)
        net_cents = asked.net_cents
        gross_cents = asked.gross_cents
    rate = tax(customer, nature=product.nature, on=on, delivery=delivery).rate_pct
    price = shown(net_cents, rate, consumer=protected, gross_cents=gross_cents)
    version = requirements_of(product, on)
    known = {
        "product": product.name(language),
        "country": customer.country,
        "client": customer.customer_type,
        "features": tuple(product.features(language)) or (product.name(language),),
        "price_cents": price.cents,
        "price_with_vat": price.with_vat,
        "currency": currency,
        "term_months": term_months or product.term_months,
        "renewal": renewal or product.renewal,
        "trial_days": product.trial_days,
        "methods": tuple(methods) or tuple(product.methods),
        "requirements": version.text(language) if version else None,
        "requirements_version": version.version if version else None,
    }
    return offer(known, is_subscription=product.kind == Product.Kind.SUBSCRIPTION, is_protected=protected)
