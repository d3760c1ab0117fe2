"""Invented customers of every kind, and orders of theirs taxed as the law wants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from billing.catalogue.actions.price_lines import PricedLine
from billing.catalogue.models.lines import LineKind
from billing.customers.queries.buyer import buyer_of
from billing.models import Contact, NumberSeries, Order, Product, Quote, QuoteVersion
from billing.money.gateways.taxation import tax
from billing.money.policy.address import Address
from billing.money.policy.days import paris_day
from billing.money.policy.numbering import document_number
from billing.orders.actions.create_order import Ordered, OrderedLine, Origin, create_order
from demo.factories.billing import catalogue
from tenants.models import Customer

CUSTOMERS: dict[str, dict[str, Any]] = {
    "professional": {
        "name": "Association Les Petits Érables",
        "customer_type": "professional",
        "street": "4 impasse des Érables",
        "postcode": "44000",
        "city": "Nantes",
        "siren": "908000029",
        "vat_number": "FR24908000029",
    },
    "school": {
        "name": "Commune de Villeneuve-les-Tilleuls",
        "customer_type": "public_body",
        "street": "1 place de la Mairie",
        "postcode": "35000",
        "city": "Villeneuve-les-Tilleuls",
        "siren": "213599905",
        "siret": "21359990500006",
        "service_code": "ECOLES",
    },
    "family": {
        "name": "Awa Ndiaye-Le Goff",
        "customer_type": "consumer",
        "street": "9 rue des Lilas",
        "postcode": "29000",
        "city": "Quimper",
    },
    "martinique": {
        "name": "École de l’Anse",
        "customer_type": "professional",
        "street": "2 rue du Bord de Mer",
        "postcode": "97200",
        "city": "Fort-de-France",
        "subdivision": "972",
        "siren": "908000060",
    },
    "reunion": {
        "name": "Collège des Hauts",
        "customer_type": "professional",
        "street": "1 chemin des Filaos",
        "postcode": "97400",
        "city": "Saint-Denis",
        "country": "RE",
        "siren": "908000060",
    },
    "guyane": {
        "name": "École des Trois Fleuves",
        "customer_type": "professional",
        "street": "8 avenue du Port",
        "postcode": "97300",
        "city": "Cayenne",
        "subdivision": "973",
        "siren": "908000060",
    },
    "belgium": {
        "name": "Institut des Trois Ponts ASBL",
        "customer_type": "professional",
        "street": "12 rue du Pont",
        "postcode": "4000",
        "city": "Liège",
        "country": "BE",
        "vat_number": "BE0403019261",
    },
    "german_family": {
        "name": "Jonas Mühlbach",
        "customer_type": "consumer",
        "street": "Lindenweg 3",
        "postcode": "10115",
        "city": "Berlin",
        "country": "DE",
        "language": "en",
    },
    "canada": {
        "name": "Riverside Language School",
        "customer_type": "professional",
        "street": "40 Elm Street",
        "postcode": "K1A 0B1",
        "city": "Ottawa",
        "country": "CA",
        "language": "en",
    },
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line wanted on a sample: a product of the catalogue by key, or words of its own."""

    key: str
    quantity: int = 1
    cents: int | None = None
    words: str = ""
    nature: str = ""
    tax_key: str = "standard"


def customer_named(key: str) -> Customer:
    """Return a new invented customer."""
    known = {"email": f"{key.replace('_', '-')}@clients.example", "language": "fr"} | CUSTOMERS[key]
    return Customer.objects.create(created_at=datetime.fromisoformat("2026-01-05T08:00:00+00:00"), **known)


def order_of(
    customer: Customer,
    *wanted: Wanted,
    now: datetime,
    method: str = "transfer",
    currency: str = "EUR",
    delivery: Address | None = None,
    purchase_order_reference: str = "",
    extended_until: date | None = None,
) -> Order:
    """Return the firm order of a customer, its lines taxed by our own rules, its quote behind it."""
    today = paris_day(now)
    details = {"first_name": "Solène", "last_name": "Marchetti", "job_title": "directrice", "created_at": now}
    contact, _made = Contact.objects.get_or_create(customer=customer, email=customer.email, defaults=details)
    number = document_number("quote", year=today.year, rank=NumberSeries.objects.take("quote", today.year))
    quote = Quote.objects.create(number=number, customer=customer, contact=contact, created_at=now)
    version = QuoteVersion.objects.create(
        quote=quote,
        version=1,
        state="sent",
        language=customer.language,
        issued_on=today,
        method=method,
        valid_until=today + timedelta(days=30),
        customer_type=customer.customer_type,
        currency=currency,
        created_at=now,
        buyer=buyer_of(customer, delivery=delivery, purchase_order_reference=purchase_order_reference),
        extended_until=extended_until,
    )
    lines = [_line(customer, each, n, today, delivery) for n, each in enumerate(wanted, start=1)]
    ordered = Ordered(
        Origin.QUOTE,
        customer,
        contact,
        method,
        currency,
        [OrderedLine(line.terms()) for line in lines],
        language=customer.language,
        cancellable_on=today + timedelta(days=11),
        deliver_to=version.buyer["delivery"],
        version_id=version.pk,
        facts={"quote": version.label},
    )
    return create_order(ordered=ordered, by=None, now=now, today=today)


def _line(
    customer: Customer, wanted: Wanted, position: int, today: date, delivery: Address | None
) -> PricedLine:
    price = catalogue().prices.select_related("product").filter(product__key=wanted.key).first()
    product: Product | None = price.product if price else None
    cents = wanted.cents if wanted.cents is not None else (price.net_cents if price else 0)
    nature = wanted.nature or (product.nature if product else "services")
    return PricedLine(
        LineKind.DISCOUNT if cents < 0 else LineKind.PRODUCT,
        wanted.words or (product.name(customer.language) if product else ""),
        wanted.quantity,
        cents,
        tax(customer, nature=nature, on=today, tax_key=wanted.tax_key, delivery=delivery),
        position=position,
        product=product,
        nature=nature,
    )
