"""Notes, on what they are, and the history of a thing with them in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model

from audit.registry import names_for
from billing.collections.models import InterestClaim
from billing.desk.models import Note
from billing.invoicing.models import Invoice, ProForma
from billing.orders.models import Order
from billing.payments.models import Payment
from billing.quotes.models import Quote
from billing.subscriptions.models import Subscription
from tenants.models import Customer

MODELS: dict[str, type[Model]] = {
    "customer": Customer,
    "quote": Quote,
    "order": Order,
    "invoice": Invoice,
    "payment": Payment,
    "claim": InterestClaim,
    "pro_forma": ProForma,
    "subscription": Subscription,
}


def noted(kind: str, subject_id: UUID) -> Any:
    """Return what a note is on, None when there is no such thing."""
    model = MODELS.get(kind)
    return model._default_manager.filter(pk=subject_id).first() if model else None


def customer_of(kind: str, subject: Any) -> UUID:
    """Return whose customer's thing it is."""
    if kind == "customer":
        return subject.pk  # type: ignore[no-any-return]
    return subject.invoice.customer_id if kind == "claim" else subject.customer_id  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a history: an act of the audit trail in words, or a note with its text."""

    at: datetime
    words: str
    by_name: str
    note: Note | None = None


def with_notes(entries: Iterable[Any], *, kind: str, subject_id: UUID) -> list[Entry]:
    """Return a history with the notes on its thing in their places, the newest first."""
    notes = list(Note.objects.filter(kind=kind, subject_id=subject_id))
    names = names_for(sorted({note.written_by for note in notes if note.written_by}))
    acts = [Entry(each.at, each.words, each.by_name) for each in entries]
    told = [Entry(note.written_at, note.text, names.get(note.written_by, ""), note) for note in notes]  # type: ignore[arg-type]
    return sorted([*acts, *told], key=lambda each: each.at, reverse=True)
