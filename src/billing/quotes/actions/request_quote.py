"""Ask for a quote from the public site: it begins as a draft that finance completes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from billing.catalogue.actions.price_lines import LineDraft
from billing.catalogue.models import Product
from billing.catalogue.policy.catalogue import TERM_MONTHS
from billing.catalogue.policy.methods import Offer, methods_for
from billing.catalogue.policy.prices import NotOnTheList, currency_for
from billing.catalogue.queries.catalogue import PriceBook, price_book
from billing.customers.actions.save_customer import save_contact, save_customer
from billing.customers.models import Contact
from billing.orders.queries.addresses import addresses_for
from billing.quotes.actions.write_quote import QuoteDraft, SiteDraft, SiteTaken, write_quote
from billing.quotes.models import QuoteRequest, QuoteVersion
from billing.quotes.policy.validity import VALID_FOR
from contracts.registry import profile
from tenants.models import Customer

A_DAY = timedelta(days=1)

MAX_A_DAY = 3  # requests from one address


class TooManyRequests(Exception):
    """Raised when one address asked for several quotes already today."""


@dataclass(frozen=True, slots=True)
class QuoteRequestData:
    """What a visitor typed."""

    organisation: str
    customer_type: str
    first_name: str
    last_name: str
    job_title: str
    email: str
    phone: str
    street: str
    postcode: str
    city: str
    siret: str
    offer: str
    users: int
    method: str
    message: str
    language: str
    employees: int | None = None
    outside_main_activity: bool = False


@transaction.atomic
def request_quote(
    *, asked: QuoteRequestData, terms_version: UUID | None, now: datetime, today: date
) -> QuoteVersion:
    """Return the draft made of a request: customer, contact, one line at the list's price, to be completed
    and sent.

    Who wrote from an address we know asks for their own customer; anyone else begins a new one, for typing a
    school's number must never let a stranger read its invoices. Raises TooManyRequests.
    """
    email = asked.email.strip().lower()
    if QuoteRequest.objects.filter(email=email, asked_at__gt=now - A_DAY).count() >= MAX_A_DAY:
        raise TooManyRequests
    contact = (
        Contact.objects.speaking()
        .select_related("customer")
        .filter(email__iexact=email)
        .order_by("created_at")
        .first()
    )
    contact = contact or _new_contact(asked, email, now)
    version = _draft(asked, contact, now, today)
    request = QuoteRequest.objects.create(
        version=version,
        organisation=asked.organisation,
        person=f"{asked.first_name} {asked.last_name}".strip(),
        email=email,
        phone=asked.phone,
        offer=asked.offer,
        users=asked.users,
        message=asked.message,
        terms_version=terms_version,
        asked_at=now,
    )
    log_action(
        "quote.asked",
        by=None,
        on=version.quote_id,
        at=now,
        about=[contact.id],
        facts={"number": version.label, "offer": asked.offer, "users": asked.users},
        personal={"name": request.person, "email": email},
    )
    enqueue_message(
        "billing/quote_asked", ids={"version": version.id}, now=now, key=f"quote-asked:{version.id}"
    )
    wake_worker()
    return version


def _new_contact(asked: QuoteRequestData, email: str, now: datetime) -> Contact:
    customer = Customer(
        name=asked.organisation,
        customer_type=asked.customer_type,
        email=email,
        signatory=f"{asked.first_name} {asked.last_name}",
        street=asked.street,
        postcode=asked.postcode,
        city=asked.city,
        siren=asked.siret[:9],
        siret=asked.siret if len(asked.siret) > len("123456789") else "",
        language=asked.language,
    )
    save_customer(customer=customer, by=None, now=now)
    contact = Contact(
        email=email,
        first_name=asked.first_name,
        last_name=asked.last_name,
        job_title=asked.job_title,
        language=asked.language,
    )
    return save_contact(contact=contact, customer=customer, by=None, now=now)


def _draft(asked: QuoteRequestData, contact: Contact, now: datetime, today: date) -> QuoteVersion:
    line, methods = _line(asked, contact.customer, today)
    wanted: dict[str, Any] = {
        "customer_id": contact.customer_id,
        "contact_id": contact.id,
        "valid_until": today + VALID_FOR,
        "lines": [line],
        "method": asked.method if not methods or asked.method in methods else min(methods),
        "language": asked.language,
        "employees": asked.employees,
        "outside_main_activity": asked.outside_main_activity,
    }
    for slug in addresses_for(asked.organisation):
        site = SiteDraft(asked.organisation, slug)
        try:
            with transaction.atomic():
                return write_quote(draft=QuoteDraft(sites=[site], **wanted), by=None, now=now, today=today)
        except SiteTaken:
            continue
    raise SiteTaken(asked.organisation)


def _line(asked: QuoteRequestData, customer: Customer, today: date) -> tuple[LineDraft, frozenset[str]]:
    """Return the line at the list's price and how it may be paid.

    Without a price, words for finance to complete.
    """
    currency = currency_for(customer.country)
    book = price_book(today, currency=currency, customer=customer)
    found = _cheapest(asked, book)
    if found is None:
        names = profile(asked.offer, on=today).name
        with override(asked.language):
            words = _("%(offer)s, price to be agreed") % {"offer": names.get(asked.language, names["fr"])}
        return LineDraft(None, words, asked.users, 0), frozenset()
    product, cents = found
    offers = {product.key: Offer(product.methods, product.cheque_minimum)}
    line = LineDraft(product.pk, product.name(asked.language), asked.users, cents)
    return line, methods_for({product.key: asked.users}, offers, currency=currency)


def _cheapest(asked: QuoteRequestData, book: PriceBook) -> tuple[Product, int] | None:
    """Return the product of the offer that costs least for so many users, and its price.

    None where none has one.
    """
    found = []
    for product in Product.objects.on_sale(book.on).filter(profile=asked.offer, option_of=None):
        try:
            found.append(
                (product, book.asked(product, quantity=asked.users, term_months=TERM_MONTHS).net_cents)
            )
        except NotOnTheList:
            continue
    return min(found, key=lambda each: each[1], default=None)
