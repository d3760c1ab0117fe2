"""Begin to pay an invoice online: a page at the payment provider."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.urls import reverse

from agenda.actions import instant, open_obligation
from audit.actions import log_action
from billing.customers.models import Contact
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import balance_of, uncovered_cents
from billing.payments.gateways.stripe_checkout import (
    Page,
    close_page,
    is_configured,
    open_page,
    page_still_open,
)
from billing.payments.models import Checkout
from billing.payments.queries.online import Payable, online_methods
from billing.registry import ask
from contracts.policy.clauses import keeps
from tenants.queries import public_url

LOOKED_AT_AFTER = timedelta(hours=25)  # the provider closes its page after 24


class NotOffered(Exception):
    """Raised when what was sold can't be paid online, or nothing is left to pay."""


class OnItsWay(Exception):
    """Raised when a debit for this invoice is on its way already: paying again would pay twice."""


@dataclass(frozen=True, slots=True)
class CheckoutTarget:
    """What is paid on a page: an invoice, an order without one yet, or an order's invoice."""

    document: Payable
    cents: int
    cancel_url: str
    invoice: Invoice | None = None
    order_id: UUID | None = None

    def attempts(self) -> QuerySet[Checkout]:
        """Return the attempts made before at the same money."""
        same_invoice = Q(invoice=self.invoice) if self.invoice else Q(pk__in=())
        order_id = self.order_id or (self.invoice and self.invoice.order_id)
        return Checkout.objects.filter(same_invoice | Q(order_id=order_id) if order_id else same_invoice)


@transaction.atomic
@keeps("LG-S6.2k")
def start_checkout(*, invoice_id: UUID, contact: Contact, now: datetime) -> str:
    """Return the address of the provider's page on which what is left of an invoice is paid.

    A page that is still open is used again; it is promised to be looked at even if no message ever comes. Who
    was to send a cheque owes no fee for it.
    Raises NotOffered, OnItsWay, NotConfigured, Unreachable, PeriodClosed.
    """
    order_id = Invoice.objects.values_list("order", flat=True).get(pk=invoice_id)
    if order_id is not None and is_configured():
        ask("paid_online_instead", order_id, now=now)
    invoice = Invoice.objects.select_for_update(of=("self",)).get(pk=invoice_id)
    aim = CheckoutTarget(
        invoice, left_to_pay(invoice), portal_url("portal_invoice", invoice.id), invoice=invoice
    )
    return open_checkout_session(aim, contact=contact, now=now)


def left_to_pay(invoice: Invoice) -> int:
    """Return what no money, arrived or on its way, pays yet."""
    return min(balance_of(invoice.id), uncovered_cents(invoice))


def open_checkout_session(aim: CheckoutTarget, *, contact: Contact, now: datetime) -> str:
    """Return the address of the provider's page for what is locked already.

    The one that is open, or a new one.

    Raises NotOffered, OnItsWay, NotConfigured, Unreachable.
    """
    number = aim.document.number
    methods = online_methods(aim.document)
    before = aim.attempts()
    if before.filter(state=Checkout.State.PROCESSING).exists():
        raise OnItsWay(number)
    if aim.cents <= 0 or not methods or not is_configured():
        raise NotOffered(number)
    if page := _page_again(before.filter(state=Checkout.State.OPEN), aim.cents):
        return page.url
    checkout = Checkout.objects.create(
        invoice=aim.invoice,
        order_id=aim.order_id,
        contact=contact,
        amount_cents=aim.cents,
        currency=aim.document.currency,
        started_at=now,
    )
    page = _page(checkout, aim, contact, methods)
    checkout.save_session(session_id=page.session_id)
    schedule_look(checkout, now=now, due_at=now + LOOKED_AT_AFTER)
    log_action(
        "checkout.started",
        by=None,
        on=cast(Model, aim.document),
        at=now,
        facts={"amount_cents": aim.cents, "number": number},
    )
    return page.url


def schedule_look(checkout: Checkout, *, now: datetime, due_at: datetime) -> None:
    """Promise to ask the provider about an attempt, in case its messages are lost."""
    open_obligation(
        "LG-S6.2k",
        kind="online-payment",
        subject=checkout.id,
        **instant(due_at),
        now=now,
        occurrence=due_at.isoformat(),
    )


def portal_url(name: str, *keys: UUID) -> str:
    """Return the whole address of a page of the portal."""
    return public_url(reverse(f"billing:{name}", args=keys, urlconf="config.urls_public"))


def _page_again(attempts: QuerySet[Checkout], cents: int) -> Page | None:
    for attempt in attempts.exclude(session_id=None):
        page = page_still_open(attempt.session_id or "")
        if page and attempt.amount_cents == cents:
            return page
        if page:
            close_page(page.session_id)
    return None


def _page(checkout: Checkout, aim: CheckoutTarget, contact: Contact, methods: tuple[str, ...]) -> Page:
    names = {"invoice": aim.invoice and aim.invoice.pk, "order": aim.order_id}
    return open_page(
        key=str(checkout.id),
        names={name: str(key) for name, key in names.items() if key},
        label=aim.document.number,
        cents=aim.cents,
        currency=checkout.currency,
        methods=methods,
        email=contact.email,
        language=contact.language,
        back_url=portal_url("portal_paid", checkout.id),
        cancel_url=aim.cancel_url,
    )
