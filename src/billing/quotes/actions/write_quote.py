"""Write a quote, or write its draft again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.catalogue.actions.price_lines import LineDraft, price_lines
from billing.catalogue.models import Product
from billing.catalogue.models.lines import totals_of
from billing.catalogue.policy.catalogue import TERM_MONTHS
from billing.catalogue.policy.discount import Discount
from billing.catalogue.policy.methods import MethodRefused, Offer, check_method
from billing.catalogue.policy.prices import currency_for
from billing.catalogue.queries.catalogue import lives_with_others
from billing.customers.models import Contact
from billing.customers.queries.buyer import buyer_of
from billing.invoicing.policy.due import PAYMENT_DAYS, PaidTooLate, check_payment_days
from billing.money.models import NumberSeries
from billing.money.policy.address import Address
from billing.money.policy.numbering import document_number
from billing.orders.models import Order, OrderSite
from billing.quotes.models import Quote, QuoteLine, QuoteSite, QuoteVersion
from billing.quotes.policy.validity import PastDay, past_days
from tenants.models import Contract, Customer, Tenant

Site = TypeVar("Site")

DECIDED = (
    "method",
    "valid_until",
    "payment_days",
    "down_payment_pct",
    "extended_until",
    "term_months",
    "renewal",
    "language",
    "employees",
    "deliver_by",
    "outside_main_activity",
    "warranty",
    "warranty_months",
    "note",
)


class NoLines(Exception):
    """Raised when a quote offers nothing."""


class SiteNeeded(Exception):
    """Raised when a subscription is quoted and nobody says which school it opens."""


class LineSiteNeeded(SiteNeeded):
    """Raised when there are several sites and a subscription's line is for none of them; names the line."""


class AlreadySent(Exception):
    """Raised when the version was sent: a change is a new version (LG-S5.2)."""


class SiteTaken(Exception):
    """Raised when a site's address leads to a school that isn't this customer's."""


class SiteIdle(Exception):
    """Raised when a site is named and no line is for it."""


class SitesAlike(Exception):
    """Raised when two sites of a quote have the same address."""


@dataclass(frozen=True, slots=True)
class SiteDraft:
    """A school or an organisation the quote opens, or adds to when it is open already."""

    name: str
    slug: str
    admin_email: str = ""  # who is invited there; the buyer when nobody is named


@dataclass(frozen=True, slots=True)
class QuoteDraft:
    """All that finance decides about a quote."""

    customer_id: UUID
    contact_id: UUID | None
    method: str
    valid_until: date
    lines: list[LineDraft]
    sites: list[SiteDraft] = field(default_factory=list)
    discount: Discount = field(default_factory=Discount)
    shipping_cents: int = 0
    payment_days: int = PAYMENT_DAYS
    down_payment_pct: int = 0
    extended_until: date | None = None
    term_months: int = TERM_MONTHS
    renewal: str = "fixed"
    language: str = "fr"
    delivery: Address | None = None  # where things go, when it is another address
    currency: str = ""  # the one of the customer's country when none is named
    purchase_order_reference: str = ""  # what a public body wants to read on its invoice
    employees: int | None = None  # what a professional says of this purchase (LG-S3)
    outside_main_activity: bool = False
    deliver_by: date | None = None  # the delivery date agreed with the client (LG-S7c)
    warranty: str = ""
    warranty_months: int = 0
    note: str = ""


@transaction.atomic
def write_quote(*, draft: QuoteDraft, by: Actor | None, now: datetime, today: date) -> QuoteVersion:
    """Return the first version of a new quote, a draft that can still change.

    Raises NoLines, SiteNeeded, SiteTaken, SiteIdle, SitesAlike, MethodRefused, TooMuchDiscount, UnknownRate,
    EurosOnly, PaidTooLate, AmountTooLarge, NothingVisible, BelowZero, PastDay.
    """
    _check(_past(draft, today))
    assert draft.contact_id is not None, "only a price is asked for nobody"
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
    log_action(
        "quote.written",
        by=by,
        on=quote,
        at=now,
        facts={"number": quote.number, "gross_cents": version.gross_cents},
    )
    return version


@transaction.atomic
def rewrite_quote(
    *, version_id: UUID, draft: QuoteDraft, by: Actor, now: datetime, today: date
) -> QuoteVersion:
    """Return the draft with its new content; what renewed a contract still does, for the same school.

    Raises AlreadySent, and what `write_quote` raises.
    """
    version = QuoteVersion.objects.select_for_update().get(pk=version_id)
    if not version.is_draft:
        raise AlreadySent(version.label)
    _check(_past(draft, today))
    draft = _renewing(version, draft)
    version.lines.all().delete()
    version.sites.all().delete()
    Quote.objects.filter(pk=version.quote_id).update(contact_id=draft.contact_id)
    fill(version, draft, today)
    facts = {"number": version.label, "gross_cents": version.gross_cents}
    log_action("quote.rewritten", by=by, on=version.quote_id, at=now, facts=facts)
    return version


def objections(draft: QuoteDraft, *, today: date, rows_known: bool = True) -> list[Exception]:
    """Return all that the rules say against a draft but its prices: what `write_quote` raises one by one.

    What concerns its lines together waits until each of them is known.
    """
    customer = Customer.objects.get(pk=draft.customer_id)
    currency = draft.currency or currency_for(customer.country)
    products = _products(draft)
    found = [
        *_past(draft, today),
        *_paid_too_late(draft, customer),
        *_sites_refused(draft, _open_sites(draft)),
    ]
    return found + (list(_lines_refused(draft, products, currency, today)) if rows_known else [])


def _check(found: Iterable[Exception]) -> None:
    """Raise the first thing that is said against a draft, where there is one."""
    for refused in found:
        raise refused


def _past(draft: QuoteDraft, today: date) -> Iterator[PastDay]:
    gone = past_days(
        valid_until=draft.valid_until,
        deliver_by=draft.deliver_by,
        extended_until=draft.extended_until,
        today=today,
    )
    yield from map(PastDay, gone)


def _paid_too_late(draft: QuoteDraft, customer: Customer) -> Iterator[PaidTooLate]:
    try:
        check_payment_days(draft.payment_days, customer_type=customer.customer_type)
    except PaidTooLate as refused:
        yield refused


def _products(draft: QuoteDraft) -> dict[UUID, Product]:
    return Product.objects.in_bulk([line.product_id for line in draft.lines if line.product_id])


def _renewing(version: QuoteVersion, draft: QuoteDraft) -> QuoteDraft:
    """Return the draft whose lines name the contracts a version renewed.

    The same thing, or an option of it.
    """
    rows = version.lines.filter(contract_id__isnull=False, licences_after=None, product__option_of=None)
    renewed = {
        (row.site.slug if row.site else "", row.product_id): row.contract_id
        for row in rows.select_related("site")
    }
    known = Product.objects.in_bulk([line.product_id for line in draft.lines if line.product_id])

    def named(line: LineDraft) -> LineDraft:
        product = known.get(line.product_id) if line.product_id else None
        site = _site_of(line, draft.sites)
        if product is None or line.contract_id is not None:
            return line
        key = (site.slug if site else "", product.option_of_id or product.pk)
        return replace(line, contract_id=renewed.get(key))

    return replace(draft, lines=[named(line) for line in draft.lines]) if renewed else draft


def fill(version: QuoteVersion, draft: QuoteDraft, today: date) -> None:
    """Put the draft's content in a version and save it with its totals."""
    customer = Customer.objects.get(pk=draft.customer_id)
    currency = draft.currency or currency_for(customer.country)
    _check(_paid_too_late(draft, customer))
    _check(_lines_refused(draft, _products(draft), currency, today))
    for name in DECIDED:
        setattr(version, name, getattr(draft, name))
    version.issued_on = today
    version.customer_type = customer.customer_type
    version.currency = currency
    version.buyer = buyer_of(
        customer, delivery=draft.delivery, purchase_order_reference=draft.purchase_order_reference
    )
    version.save()
    sites = _sites(version, draft)
    priced = price_lines(
        customer=customer,
        lines=draft.lines,
        discount=draft.discount,
        shipping_cents=draft.shipping_cents,
        method=draft.method,
        language=draft.language,
        today=today,
        currency=currency,
        delivery=draft.delivery,
        capacity=version.purchase_capacity,
    )
    lines = [QuoteLine(version=version, **each.changes(), **each.terms()) for each in priced]
    charged = zip(lines, priced, draft.lines, strict=False)  # discount and charges come after, for no site
    for line, each, typed in charged:
        is_for_a_site = typed.site is not None or (each.product and each.product.profile)
        line.site = _site_of(typed, sites) if is_for_a_site else None
    if sites and not any(line.site for line in lines):
        version.sites.all().delete()  # nothing is sold for it
    QuoteLine.objects.bulk_create(lines)
    version.put(totals_of(lines))
    version.save(update_fields=["net_cents", "vat_cents", "gross_cents"])


def _lines_refused(
    draft: QuoteDraft, products: dict[UUID, Product], currency: str, today: date
) -> Iterator[Exception]:
    if not draft.lines:
        yield NoLines()
        return
    yield from _method_refused(draft, products, currency)
    for line in draft.lines:
        product = products[line.product_id] if line.product_id else None
        opens = product is not None and product.profile and not lives_with_others(product, on=today)
        if opens and _site_of(line, draft.sites) is None:
            yield LineSiteNeeded(line.description) if draft.sites else SiteNeeded()
            return
    used = {_site_of(line, draft.sites) for line in draft.lines}
    if len(draft.sites) > 1:
        yield from (SiteIdle(site.name) for site in draft.sites if site not in used)


def _method_refused(
    draft: QuoteDraft, products: dict[UUID, Product], currency: str
) -> Iterator[MethodRefused]:
    bought: dict[str, int] = {}
    for line in draft.lines:
        if line.product_id:
            key = products[line.product_id].key
            bought[key] = bought.get(key, 0) + (line.licences_after or line.quantity)
    offers = {product.key: Offer(product.methods, product.cheque_minimum) for product in products.values()}
    try:
        if bought and draft.method:
            check_method(draft.method, bought, offers, currency=currency)
    except MethodRefused as refused:
        yield refused


def _site_of(line: LineDraft, sites: Sequence[Site]) -> Site | None:
    """Return the site a line is for; where there is one only, no need to say so."""
    if line.site is None:
        return sites[0] if len(sites) == 1 else None
    return sites[line.site]


def _sites(version: QuoteVersion, draft: QuoteDraft) -> list[QuoteSite]:
    """Return the version's sites; one that is open already must be this customer's."""
    there = _open_sites(draft)
    _check(_sites_refused(draft, there))
    return QuoteSite.objects.bulk_create(
        QuoteSite(
            version=version,
            position=position,
            name=site.name,
            slug=site.slug,
            admin_email=site.admin_email.lower(),
            tenant_id=there[site.slug].id if site.slug in there else None,
        )
        for position, site in enumerate(draft.sites, start=1)
    )


def _open_sites(draft: QuoteDraft) -> dict[str, Tenant]:
    """Return the schools that are open already at the addresses a draft names."""
    slugs = [site.slug for site in draft.sites]
    return {tenant.slug: tenant for tenant in Tenant.objects.filter(slug__in=slugs)}


def _sites_refused(draft: QuoteDraft, there: dict[str, Tenant]) -> Iterator[Exception]:
    slugs = [site.slug for site in draft.sites]
    yield from (SitesAlike(slug) for slug in dict.fromkeys(slugs) if slugs.count(slug) > 1)
    own = set(Contract.objects.filter(customer_id=draft.customer_id).values_list("tenant_id", flat=True))
    taken = [
        slug for slug in slugs if slug == settings.SHARED_TENANT
    ]  # nobody's own, whoever has a circle there
    taken += [slug for slug, tenant in there.items() if tenant.id not in own]
    promised = OrderSite.objects.filter(slug__in=slugs).exclude(order__customer_id=draft.customer_id)
    taken += promised.exclude(order__state=Order.State.CANCELLED).values_list("slug", flat=True)
    yield from map(SiteTaken, dict.fromkeys(taken))
