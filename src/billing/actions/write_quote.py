"""Write a quote, or write its draft again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit.actions import write
from billing.gateways.rate_tables import standard_vat
from billing.models import Contact, NumberSeries, Product, Quote, QuoteLine, QuoteSite, QuoteVersion
from billing.models.lines import LineKind, totals_of
from billing.policy.methods import Offer, check_method, cheque_fee
from billing.policy.numbering import document_number
from tenants.models import Customer


class NoLines(Exception):
    """Raised when a quote offers nothing."""


class SiteNeeded(Exception):
    """Raised when a subscription is quoted and nobody says which school it opens."""


class AlreadySent(Exception):
    """Raised when the version was sent: a change is a new version (LG-S5.2)."""


@dataclass(frozen=True, slots=True)
class LineDraft:
    """One line as finance types it; the VAT rate comes from the customer's place."""

    product_id: UUID | None
    description: str
    quantity: int
    unit_net_cents: int


@dataclass(frozen=True, slots=True)
class QuoteDraft:
    """All that finance decides about a quote."""

    customer_id: UUID
    contact_id: UUID
    method: str
    valid_until: date
    lines: list[LineDraft]
    site_name: str = ""
    site_slug: str = ""
    payment_days: int = 30
    term_months: int = 12
    renews: str = "fixed"
    language: str = "fr"
    delivery: str = ""
    note: str = ""
    tenant_id: UUID | None = field(default=None)


@transaction.atomic
def write_quote(*, draft: QuoteDraft, by: Any, now: datetime, today: date) -> QuoteVersion:
    """Return the first version of a new quote, a draft that can still change.

    Raises NoLines, SiteNeeded, MethodRefused, UnknownRate.
    """
    contact = Contact.objects.get(pk=draft.contact_id, customer_id=draft.customer_id)
    rank = NumberSeries.objects.take("quote", today.year)
    quote = Quote.objects.create(
        number=document_number("quote", year=today.year, rank=rank),
        customer_id=draft.customer_id,
        contact=contact,
        created_at=now,
        created_by=getattr(by, "id", None),
    )
    version = QuoteVersion(quote=quote, version=1, created_at=now)
    fill(version, draft, today)
    write("quote.written", by=by, on=quote, at=now, facts={"number": quote.number, "gross_cents": version.gross_cents})
    return version


@transaction.atomic
def rewrite_quote(*, version_id: UUID, draft: QuoteDraft, by: Any, now: datetime, today: date) -> QuoteVersion:
    """Return the draft with its new content. Raises AlreadySent, and what `write_quote` raises."""
    version = QuoteVersion.objects.select_for_update().get(pk=version_id)
    if not version.is_draft:
        raise AlreadySent(version.label)
    version.lines.all().delete()
    version.sites.all().delete()
    Quote.objects.filter(pk=version.quote_id).update(contact_id=draft.contact_id)
    fill(version, draft, today)
    facts = {"number": version.label, "gross_cents": version.gross_cents}
    write("quote.rewritten", by=by, on=version.quote_id, at=now, facts=facts)
    return version


def fill(version: QuoteVersion, draft: QuoteDraft, today: date) -> None:
    """Put the draft's content in a version and save it with its totals."""
    customer = Customer.objects.get(pk=draft.customer_id)
    products = Product.objects.in_bulk([line.product_id for line in draft.lines if line.product_id])
    _check(draft, products)
    for name in ("method", "valid_until", "payment_days", "term_months", "renews", "language", "note"):
        setattr(version, name, getattr(draft, name))
    version.issued_on, version.regime = today, customer.client
    version.buyer = buyer_of(customer, delivery=draft.delivery)
    rate = standard_vat(country=customer.country, subdivision=customer.subdivision or None, on=today)
    version.save()
    site = _site(version, draft)
    lines = [_line(version, site, n, line, products, rate) for n, line in enumerate(draft.lines, start=1)]
    lines += _fee_line(version, len(lines) + 1, rate)
    QuoteLine.objects.bulk_create(lines)
    version.put(totals_of(lines))
    version.save(update_fields=["net_cents", "vat_cents", "gross_cents"])


def buyer_of(customer: Customer, *, delivery: str = "") -> dict[str, str]:
    """Return what a document says of a customer, as it is today."""
    names = ("name", "signatory", "street", "postcode", "city", "country", "siren", "vat_number", "email")
    return {name: getattr(customer, name) for name in names} | {"delivery": delivery}


def _check(draft: QuoteDraft, products: dict[UUID, Product]) -> None:
    if not draft.lines:
        raise NoLines
    bought: dict[str, int] = {}
    for line in draft.lines:
        if line.product_id:
            key = products[line.product_id].key
            bought[key] = bought.get(key, 0) + line.quantity
    offers = {product.key: Offer(product.methods, product.cheque_minimum) for product in products.values()}
    if bought:
        check_method(draft.method, bought, offers)
    if any(product.profile for product in products.values()) and not (draft.site_name and draft.site_slug):
        raise SiteNeeded


def _site(version: QuoteVersion, draft: QuoteDraft) -> QuoteSite | None:
    if not draft.site_slug:
        return None
    return QuoteSite.objects.create(
        version=version, name=draft.site_name, slug=draft.site_slug, tenant_id=draft.tenant_id
    )


def _line(
    version: QuoteVersion, site: QuoteSite | None, position: int, line: LineDraft, products: dict[UUID, Product],
    rate: Decimal | None,
) -> QuoteLine:  # fmt: skip
    product = products.get(line.product_id) if line.product_id else None
    discount = line.unit_net_cents < 0
    return QuoteLine(
        version=version,
        site=site if product and product.profile else None,
        position=position,
        kind=LineKind.DISCOUNT if discount else LineKind.PRODUCT,
        product=product,
        description=line.description or (product.name(version.language) if product else ""),
        nature=product.nature if product else "services",
        quantity=line.quantity,
        unit_net_cents=line.unit_net_cents,
        vat_rate=rate,
    )


def _fee_line(version: QuoteVersion, position: int, rate: Decimal | None) -> list[QuoteLine]:
    fee = cheque_fee(version.method, rate_pct=rate)
    if fee is None:
        return []
    with override(version.language):
        description = _("Cheque processing fee")
    return [
        QuoteLine(
            version=version,
            position=position,
            kind=LineKind.CHEQUE_FEE,
            description=description,
            quantity=1,
            unit_net_cents=fee.net_cents,
            vat_rate=rate,
        )
    ]
