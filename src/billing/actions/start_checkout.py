"""Begin to pay an invoice online: a page at the payment provider."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from agenda.actions import owe
from audit.actions import write
from billing.gateways.stripe_checkout import Page, close_page, is_configured, open_page, page_still_open
from billing.models import Checkout, Contact, Invoice
from billing.queries.balances import balance_of, unallocated
from billing.queries.online import online_methods
from tenants.queries import public_url

LOOKED_AT_AFTER = timedelta(hours=25)  # the provider closes its page after 24


class NotOffered(Exception):
    """Raised when what was sold can't be paid online, or nothing is left to pay."""


class OnItsWay(Exception):
    """Raised when a debit for this invoice is on its way already: paying again would pay twice."""


@transaction.atomic
def start_checkout(*, invoice_id: UUID, contact: Contact, now: datetime) -> str:
    """Return the address of the provider's page on which what is left of an invoice is paid.

    A page that is still open is used again; it is promised to be looked at even if no message ever comes.
    Raises NotOffered, OnItsWay, NotConfigured, Unreachable. Clause: LG-S6.2k
    """
    invoice = Invoice.objects.select_for_update(of=("self",)).get(pk=invoice_id)
    cents, methods = min(balance_of(invoice.id), unallocated(invoice)), online_methods(invoice)
    before = Checkout.objects.filter(invoice=invoice)
    if before.filter(state=Checkout.State.PROCESSING).exists():
        raise OnItsWay(invoice.number)
    if cents <= 0 or not methods or not is_configured():
        raise NotOffered(invoice.number)
    if page := _page_again(before.filter(state=Checkout.State.OPEN), cents):
        return page.url
    checkout = Checkout.objects.create(
        invoice=invoice, contact=contact, amount_cents=cents, currency=invoice.currency, started_at=now
    )
    page = _page(checkout, invoice, contact, methods)
    checkout.keep_session(session_id=page.session_id)
    look_later(checkout, now=now, due_at=now + LOOKED_AT_AFTER)
    write("checkout.started", by=None, on=invoice, at=now, facts={"amount_cents": cents, "number": invoice.number})
    return page.url


def look_later(checkout: Checkout, *, now: datetime, due_at: datetime) -> None:
    """Promise to ask the provider about an attempt, in case its messages are lost."""
    owe("LG-S6.2k", kind="online-payment", subject=checkout.id, due_at=due_at, now=now, occurrence=due_at.isoformat())


def _page_again(attempts: QuerySet[Checkout], cents: int) -> Page | None:
    for attempt in attempts.exclude(session_id=None):
        page = page_still_open(attempt.session_id or "")
        if page and attempt.amount_cents == cents:
            return page
        if page:
            close_page(page.session_id)
    return None


def _page(checkout: Checkout, invoice: Invoice, contact: Contact, methods: tuple[str, ...]) -> Page:
    def address(name: str, key: UUID) -> str:
        return public_url(reverse(f"billing:{name}", args=[key], urlconf="config.urls_public"))

    return open_page(
        key=str(checkout.id), invoice_id=str(invoice.id), label=invoice.number, cents=checkout.amount_cents,
        currency=checkout.currency, methods=methods, email=contact.email, language=contact.language,
        back_url=address("portal_paid", checkout.id), cancel_url=address("portal_invoice", invoice.id),
    )  # fmt: skip
