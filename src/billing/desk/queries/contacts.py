"""What is held of a person who speaks for a customer, what of it must stay, and what they are needed for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest

from agenda.models import OutboxMessage
from audit.models import PersonalPart
from audit.personal_data import parts_of
from billing.collections.models import Dispute
from billing.collections.queries.claims import open_claims
from billing.customers.models import Contact, Reference, SentDocument
from billing.customers.policy.forgetting import (
    RETENTION_MONTHS,
    Dealings,
    Known,
    forgotten_on,
    is_customer_forgotten,
    mentions,
    reasons_to_wait,
)
from billing.desk.models import Note
from billing.desk.queries.free_texts import texts_naming
from billing.fulfilment.models import Delivery, Return
from billing.invoicing.models import Invoice, ProForma
from billing.invoicing.queries.balances import open_invoices
from billing.invoicing.queries.credits import notes_owed
from billing.money.policy.days import day_starts_at, paris_day
from billing.orders.models import Cart, Order, Refusal
from billing.payments.models import Checkout, MethodSetup, Payment, Refund
from billing.payments.queries.money import credits_of
from billing.quotes.models import Quote, QuoteRequest, Signature
from contracts.policy.months import months_after
from tenants.models import Contract, SubTenant, Tenant

GONE = Tenant.State.ERASED


@dataclass(frozen=True, slots=True)
class ContactErasure:
    """What forgetting a contact would do today: who takes over, whether the customer goes, what it waits
    for.
    """

    contact: Contact
    successor: Contact | None
    with_customer: bool
    waits_for: tuple[str, ...]
    is_running: bool = False

    @property
    def subjects(self) -> tuple[UUID, ...]:
        """Return whose data goes: the contact's, and the customer's where they are one."""
        return (self.contact.pk, *((self.contact.customer_id,) if self.with_customer else ()))


def contact_erasure(contact: Contact, *, today: date) -> ContactErasure:
    """Return what forgetting a contact would do today."""
    others = contact.customer.contacts.speaking().exclude(pk=contact.pk)
    successor = others.order_by("-created_at").first()
    told = {"has_successor": successor is not None}
    dealings = dealings_with(contact.customer_id, today=today)
    return ContactErasure(
        contact,
        successor,
        is_customer_forgotten(customer_type=contact.customer.customer_type, **told),
        reasons_to_wait(dealings, **told),
        bool(dealings.running),
    )


def dealings_with(customer_id: UUID, *, today: date) -> Dealings:
    """Return what runs between the house and a customer on a day."""
    mine = {"customer_id": customer_id}
    unpaid = Order.State.AWAITING_PAYMENT, Order.State.READY
    on_its_way = Q(order__customer_id=customer_id) & Q(state__in=("planned", "shipped"))
    contested = Dispute.objects.active()
    about = Q(pro_forma__in=ProForma.objects.filter(version__quote__customer_id=customer_id))
    return Dealings(
        contract=_contracts(customer_id, today).exists(),
        data=_is_data_left(customer_id, today),
        order=Order.objects.filter(**mine, state__in=unpaid).exists()
        or Delivery.objects.filter(on_its_way).exists(),
        returned=Return.objects.filter(
            order__customer_id=customer_id, state__in=(Return.State.OPEN, Return.State.RECEIVED)
        ).exists(),
        unpaid=open_invoices().filter(**mine).exists()
        or open_claims().filter(invoice__customer_id=customer_id).exists(),
        held=_is_money_held(customer_id),
        contested=contested.about_payment_by(customer_id).exists() or contested.filter(about).exists(),
    )


def _contracts(customer_id: UUID, today: date) -> QuerySet[Contract]:
    live = Contract.objects.filter(state__in=(Contract.State.AGREED, Contract.State.RUNNING))
    return live.filter(Q(ends_on=None) | Q(ends_on__gt=today), customer_id=customer_id)


def _is_data_left(customer_id: UUID, today: date) -> bool:
    """Return whether what an ended contract opened still stands: who paid for it is told before it goes."""
    rows = Contract.objects.filter(customer_id=customer_id).exclude(state=Contract.State.CANCELLED)
    rows = rows.exclude(pk__in=_contracts(customer_id, today).values("pk"))
    own = rows.filter(sub_tenant_id=None, tenant__isnull=False).exclude(tenant__state=GONE)
    parts = rows.exclude(sub_tenant_id=None).values("sub_tenant_id")
    return own.exists() or SubTenant.objects.filter(pk__in=parts).exclude(state=GONE).exists()


def _is_money_held(customer_id: UUID) -> bool:
    asked = Refund.objects.active().filter(payment__customer_id=customer_id, made_on=None)
    waiting = Payment.objects.filter(customer_id=customer_id, credited_on=None, bounced_on=None)
    owed = notes_owed().filter(customer_id=customer_id)
    return asked.exists() or waiting.exists() or owed.exists() or bool(credits_of(customer_id))


@dataclass(frozen=True, slots=True)
class Holding:
    """How much is held of a contact: what goes with them, and what the law keeps."""

    requests: int
    carts: int
    notes: int
    texts: int
    mails: int
    trail: int
    documents: int  # invoices and credit notes
    signatures: int
    orders: int
    sent: int


def holding(case: ContactErasure) -> Holding:
    """Return how much is held of a contact."""
    contact = case.contact
    mine = {"customer_id": contact.customer_id}
    return Holding(
        requests=requests_of(contact).count(),
        carts=carts_of(contact).count() + refusals_of(contact).count(),
        notes=len(notes_naming(contact, whole=case.with_customer)),
        texts=sum(1 for _each in texts_naming(contact)),
        mails=mails_waiting(case).count(),
        trail=parts_of(PersonalPart.objects.all(), case.subjects).count(),
        documents=Invoice.objects.filter(**mine).count(),
        signatures=Signature.objects.filter(contact=contact).count(),
        orders=Order.objects.filter(contact=contact).count(),
        sent=SentDocument.objects.filter(**mine, recipient__icontains=contact.email).count(),
    )


def requests_of(contact: Contact) -> QuerySet[QuoteRequest]:
    """Return what they asked for on the site: their name, address and phone stand there."""
    return QuoteRequest.objects.filter(version__quote__contact=contact)


def carts_of(contact: Contact) -> QuerySet[Cart]:
    """Return the carts they filled: who buys was typed there."""
    return Cart.objects.filter(Q(contact=contact) | Q(details__email__iexact=contact.email))


def refusals_of(contact: Contact) -> QuerySet[Refusal]:
    """Return the orders that were refused before they were a client: their address stands there."""
    return Refusal.objects.filter(email__iexact=contact.email)


def notes_naming(contact: Contact, *, whole: bool) -> list[Note]:
    """Return the notes whose words name them; all of a customer that goes with them."""
    rows = Note.objects.filter(customer_id=contact.customer_id, erased_at=None)
    return [row for row in rows if whole or mentions(row.text, names_of(contact))]


def references_naming(contact: Contact) -> list[Reference]:
    """Return the references whose agreement names them."""
    rows = Reference.objects.filter(customer_id=contact.customer_id)
    return [row for row in rows if mentions(row.word, names_of(contact))]


def names_of(contact: Contact) -> tuple[str, ...]:
    """Return by what somebody is told in a text: the last name, the address, else the first name."""
    return (contact.last_name or contact.first_name, contact.email)


def mails_waiting(case: ContactErasure) -> QuerySet[OutboxMessage]:
    """Return the mails that wait for them and go: all where nobody takes over, else what is theirs alone."""
    rows = OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING, ids__contact=str(case.contact.pk))
    return rows if case.successor is None else rows.filter(template="billing/portal_link")


def forgettable(*, today: date) -> Iterator[ContactErasure]:
    """Yield the contacts whose time is over on a day, those heard of longest ago first."""
    before = day_starts_at(months_after(today, -RETENTION_MONTHS) + timedelta(days=1))
    rows = with_exchange(Contact.objects.known()).select_related("customer")
    old = rows.filter(Q(closed_at__lt=before) | Q(closed_at=None, exchanged_at__lt=before))
    for contact in old.order_by("exchanged_at", "pk").iterator(chunk_size=200):
        case = contact_erasure(contact, today=today)
        end = forgotten_on(
            known_days(contact), is_running=case.is_running, has_successor=case.successor is not None
        )
        if end is not None and today >= end and not case.waits_for:
            yield case


def with_exchange(contacts: QuerySet[Contact]) -> QuerySet[Any]:
    """Return contacts with `exchanged_at`: when they last did something themselves."""
    told = (
        _last(Quote, "created_at"),
        _last(Signature, "signed_at"),
        _last(Order, "confirmed_at"),
        _last(Checkout, "started_at"),
        _last(MethodSetup, "started_at"),
    )
    rows: QuerySet[Any] = contacts.annotate(exchanged_at=Greatest("created_at", "fresh_asked_at", *told))
    return rows


def _last(model: Any, moment: str) -> Subquery:
    mine = model.objects.filter(contact=OuterRef("pk")).order_by().values("contact")
    return Subquery(mine.annotate(last=Max(moment)).values("last"), output_field=DateTimeField())


def known_days(contact: Any) -> Known:
    """Return the days from which the time of a contact is counted; the contact has its `exchanged_at`."""
    mine = {"customer_id": contact.customer_id}
    ends = Contract.objects.filter(**mine).exclude(state=Contract.State.CANCELLED)
    days = (
        ends.aggregate(last=Max("ends_on"))["last"],
        Payment.objects.filter(**mine).aggregate(last=Max("received_on"))["last"],
        Invoice.objects.filter(**mine).aggregate(last=Max("issued_on"))["last"],
    )
    return Known(
        exchanged_on=paris_day(contact.exchanged_at),
        closed_on=paris_day(contact.closed_at) if contact.closed_at else None,
        relation_ended_on=max((day for day in days if day), default=None),
    )
