"""Invented customers, prices and documents; the documents are made by the actions people use."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from factory.declarations import LazyAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from billing.catalogue.actions.price_lines import LineDraft
from billing.models import Contact, Invoice, Order, Price, PriceList, Product, QuoteVersion
from billing.money.policy.days import paris_day
from billing.quotes.actions.send_quote import send_quote
from billing.quotes.actions.sign_quote import sign_quote
from billing.quotes.actions.write_quote import QuoteDraft, SiteDraft, write_quote
from tenants.models import Customer

CATALOGUE = (
    # key, French, English, profile, cents a year, unit fr, unit en
    ("preau-ecole", "Préau École, un an", "Préau School, one year", "school", 490, "profil", "profile"),
    ("preau-creche", "Préau Crèche, un an", "Préau Nursery, one year", "nursery", 390, "profil", "profile"),
    (
        "preau-cabinet",
        "Préau Cabinet, un an",
        "Préau Practice, one year",
        "practice",
        2400,
        "profil",
        "profile",
    ),
    (
        "preau-campus",
        "Préau Campus, un an",
        "Préau Campus, one year",
        "campus",
        1900,
        "inscrit",
        "registration",
    ),
)
ALL_METHODS = ["cheque", "transfer", "card"]


class CustomerFactory(DjangoModelFactory[Customer]):
    """A school that pays for itself."""

    class Meta:
        model = Customer

    name = Sequence(lambda n: f"École des Érables {n}")
    customer_type = "professional"
    email = Sequence(lambda n: f"direction{n}@erables.example")
    signatory = "Solène Marchetti"
    street = "4 impasse des Érables"
    postcode = "44000"
    city = "Nantes"
    siren = "213599905"
    siret = LazyAttribute(
        lambda customer: "21359990500014" if customer.customer_type == "public_body" else ""
    )
    created_at = datetime.fromisoformat("2026-09-01T08:00:00+00:00")


class ContactFactory(DjangoModelFactory[Contact]):
    """The head of that school, who signs."""

    class Meta:
        model = Contact

    customer = SubFactory(CustomerFactory)
    email = LazyAttribute(lambda contact: contact.customer.email)
    first_name = "Solène"
    last_name = "Marchetti"
    job_title = "directrice"
    created_at = datetime.fromisoformat("2026-09-01T08:00:00+00:00")


def catalogue(*, starts_on: date = date(2026, 1, 1)) -> PriceList:
    """Return the price list in force, made once: four subscriptions and a training day."""
    prices, made = PriceList.objects.get_or_create(
        currency="EUR", starts_on=starts_on, defaults={"name": f"Tarif {starts_on.year}"}
    )
    if made:
        for key, fr, en, profile, cents, unit_fr, unit_en in CATALOGUE:
            product = Product.objects.create(
                key=key,
                name_fr=fr,
                name_en=en,
                profile=profile,
                methods=ALL_METHODS,
                cheque_minimum=10,
                unit_fr=unit_fr,
                unit_en=unit_en,
            )
            Price.objects.create(price_list=prices, product=product, net_cents=cents)
        training = Product.objects.create(
            key="formation-jour",
            name_fr="Journée de formation sur place",
            name_en="Training day on site",
            kind=Product.Kind.SERVICE,
            methods=ALL_METHODS,
            unit_fr="jour",
            unit_en="day",
        )
        Price.objects.create(price_list=prices, product=training, net_cents=68000)
    return prices


def draft_for(
    contact: Contact, *, product: str = "preau-ecole", quantity: int = 218, **chosen: Any
) -> QuoteDraft:
    """Return the draft of a quote for a school.

    One subscription, to be paid by cheque unless chosen otherwise.
    """
    price = catalogue().prices.base().select_related("product").get(product__key=product)
    line = LineDraft(price.product_id, price.product.name("fr"), quantity, price.net_cents)
    wanted: dict[str, Any] = {
        "customer_id": contact.customer_id,
        "contact_id": contact.id,
        "method": "cheque",
        "valid_until": date(2026, 12, 16),
        "lines": [line],
    }
    name = chosen.pop("site_name", contact.customer.name)
    slug = chosen.pop("site_slug", f"ecole-{uuid4().hex[:8]}")
    wanted["sites"] = [SiteDraft(name, slug)] if slug else []
    return QuoteDraft(**wanted | chosen)


def quote_sent(contact: Contact | None = None, *, now: datetime, **chosen: Any) -> QuoteVersion:
    """Return a quote that was written and sent on the day of `now`."""
    today = paris_day(now)
    chosen.setdefault("valid_until", today + timedelta(days=30))
    draft = draft_for(contact or ContactFactory.create(), **chosen)
    version = write_quote(draft=draft, by=None, now=now, today=today)
    return send_quote(version_id=version.id, by=None, now=now, today=today)


def order_signed(
    contact: Contact | None = None, *, now: datetime, terms: UUID | None = None, **chosen: Any
) -> Order:
    """Return the order of a quote that was written, sent and signed on the day of `now`.

    Its invoice is issued.
    """
    buyer: Contact = contact or ContactFactory.create()
    version = quote_sent(buyer, now=now, **chosen)
    return sign_quote(
        version_id=version.id,
        contact=buyer,
        name=buyer.name,
        signatory_title=buyer.job_title or "directrice",
        terms_version=terms or uuid4(),
        now=now,
        today=paris_day(now),
    )


def invoice_of(order: Order) -> Invoice:
    """Return the invoice of an order."""
    return order.invoices.get(kind=Invoice.Kind.INVOICE)
