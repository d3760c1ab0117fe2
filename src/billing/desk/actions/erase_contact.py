"""Forget a person who speaks, or spoke, for a customer; what the law keeps stays in its documents."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from itertools import islice
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from agenda.actions import open_obligation
from agenda.models import OutboxMessage
from audit.actions import log_action
from audit.actions.anchor import anchor_after_commit
from audit.models import PersonalPart
from audit.personal_data import forget, parts_of
from audit.policy.actor import Actor
from billing.customers.models import Contact
from billing.desk.actions.write_note import STORAGE, erase_note
from billing.desk.queries.contacts import (
    ContactErasure,
    carts_of,
    contact_erasure,
    forgettable,
    mails_waiting,
    notes_naming,
    references_naming,
    refusals_of,
    requests_of,
)
from billing.desk.queries.free_texts import texts_naming
from billing.money.policy.days import paris_day, within_day
from billing.payments.actions.revoke_method import retire
from billing.payments.models import SavedMethod
from billing.quotes.models import QuoteVersion
from billing.registry import announce
from contracts.registry import erased_again, record_erasure
from isolation.context import inside_operator
from tenants.models import Customer

KIND = "contact"
ROUND = "contacts"
ROUNDS = uuid5(NAMESPACE_URL, "preau:contacts")
MAX_A_DAY = 200  # forgotten in a night; the next ones follow the night after
OWN = ("street", "postcode", "city", "siren", "siret", "service_code", "vat_number", "email", "signatory")


class StillNeeded(Exception):
    """Raised while something runs that needs this person; carries the names of what does."""

    def __init__(self, waits_for: tuple[str, ...]) -> None:
        super().__init__(", ".join(waits_for))
        self.waits_for = waits_for


@transaction.atomic
def erase_contact(
    *, contact_id: UUID, by: Actor | None, now: datetime, today: date, origin: str = "user"
) -> int:
    """Return how many rows of a contact were emptied or deleted, 0 where they were erased before.

    Their name, address, links and sessions go, and whatever names them outside of documents the law keeps; a
    consumer for whom nobody else speaks goes as a customer. The ledger's line is on disk before the commit.
    Raises StillNeeded.
    """
    contact = Contact.objects.select_for_update(of=("self",)).get(pk=contact_id)
    Customer.objects.select_for_update().get(pk=contact.customer_id)  # two at once would leave nobody
    if contact.erased_at is not None:
        return 0
    case = contact_erasure(contact, today=today)
    if case.waits_for:
        raise StillNeeded(case.waits_for)
    rows = _erase(case, by=by, now=now)
    facts = {"word": origin, "rows": rows}
    log_action("contact.erased", by=by, on=contact, at=now, facts=facts, about=case.subjects)
    record_erasure(
        erasure=uuid5(contact.pk, "erased"), kind=KIND, subjects=case.subjects, asked_at=now, now=now
    )
    anchor_after_commit(now=now)
    return rows


def _erase(case: ContactErasure, *, by: Actor | None, now: datetime) -> int:
    contact = case.contact
    gone = 0
    for note in notes_naming(contact, whole=case.with_customer):
        gone += erase_note(note_id=note.pk, by=by, now=now)
    for reference in references_naming(contact):
        reference.word = ""
        reference.save(update_fields=["word"])
        gone += 1
    for text in texts_naming(contact):
        gone += type(text.row).objects.filter(pk=text.row.pk).update(**{text.field: text.without})
    nobody = {"person": "", "email": "", "phone": "", "message": ""}
    gone += requests_of(contact).update(**nobody | ({"organisation": ""} if case.with_customer else {}))
    gone += _empty_carts(contact)
    gone += mails_waiting(case).update(state=OutboxMessage.State.MOOT, ids={})
    announce("contact_erased", contact=contact)
    _forget_on_customer(case, by=by, now=now)
    contact.erase(at=now)
    return gone + 1 + forget(parts_of(PersonalPart.objects.all(), case.subjects))


def _empty_carts(contact: Contact) -> int:
    refused = refusals_of(contact).update(email="")
    carts = carts_of(contact)
    ordered = carts.filter(order__isnull=False).update(details={}, contact=None)
    count, _each = carts.filter(order=None).delete()
    return refused + ordered + count


def _forget_on_customer(case: ContactErasure, *, by: Actor | None, now: datetime) -> None:
    """Let who takes over sign and read for the customer; a consumer's own data goes."""
    customer, contact = case.contact.customer, case.contact
    if case.with_customer:
        for field in OWN:
            setattr(customer, field, "")
        customer.name = number_of(customer.pk)
        for method in SavedMethod.objects.active().filter(customer=customer):
            retire(method, by=by, now=now)
    else:
        heir = case.successor
        if customer.signatory.casefold() == contact.name.casefold():
            customer.signatory = heir.name if heir else ""
        if customer.email.casefold() == contact.email.casefold():
            customer.email = heir.email if heir else ""
    customer.save()
    for draft in QuoteVersion.objects.filter(quote__customer=customer, state=QuoteVersion.State.DRAFT):
        said = {name: getattr(customer, name) for name in ("name", *OWN)}
        draft.buyer = draft.buyer | said | ({"delivery": {}} if case.with_customer else {})
        draft.save(update_fields=["buyer"])


def number_of(customer_id: UUID) -> str:
    """Return by what a customer who was forgotten is still told apart from others."""
    text = customer_id.hex[:12].upper()
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"


@erased_again(KIND)
@transaction.atomic
def erase_contacts_again(subjects: Collection[UUID], now: datetime) -> int:
    """Return how many rows went again of contacts a backup brought back; nothing is asked: it was decided."""
    gone = 0
    for contact in Contact.objects.known().filter(pk__in=subjects).select_related("customer"):
        case = contact_erasure(contact, today=paris_day(now))
        whole = contact.customer_id in subjects
        gone += _erase(ContactErasure(contact, case.successor, whole, ()), by=None, now=now)
        log_action("deletion.replayed", by=None, on=contact, at=now, about=subjects)
    return gone + forget(parts_of(PersonalPart.objects.all(), subjects))


def forget_old_contacts(*, now: datetime) -> int:
    """Return how many contacts were forgotten because their time was over, some a night."""
    today = paris_day(now)
    over = [case.contact.pk for case in islice(forgettable(today=today), MAX_A_DAY)]
    for contact_id in over:
        erase_contact(contact_id=contact_id, by=None, now=now, today=today, origin="retention")
    return len(over)


def promise_next_round(*, now: datetime) -> None:
    """Promise that tomorrow, in Paris, whose time is over is looked for."""
    day = paris_day(now) + timedelta(days=1)
    span = within_day(day, now=now)
    open_obligation(STORAGE, kind=ROUND, subject=ROUNDS, occurrence=str(day), **span, now=now)


def promise_rounds(now: datetime) -> None:
    """Promise the first round; as often as wanted."""
    with inside_operator():
        promise_next_round(now=now)
