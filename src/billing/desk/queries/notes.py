"""Notes, on what they are, and the history of a thing with them in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, overload
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
        found: UUID = subject.pk
    elif kind == "claim":
        found = subject.invoice.customer_id
    else:
        found = subject.customer_id
    return found


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a history: an act of the audit trail in words, or a note with its text."""

    at: datetime
    words: str
    by_name: str
    note: Note | None = None


class NotedHistory(Sequence[Entry]):
    """A history with its notes in their places, the newest first, read a page at a time."""

    def __init__(self, acts: Sequence[Any], told: list[Entry]) -> None:
        """Keep the acts, unread, and the notes."""
        self._acts = acts
        self._told = told

    def __len__(self) -> int:
        """Return how many acts and notes there are."""
        return len(self._acts) + len(self._told)

    @overload
    def __getitem__(self, place: int) -> Entry: ...

    @overload
    def __getitem__(self, place: slice) -> list[Entry]: ...

    def __getitem__(self, place: int | slice) -> Entry | list[Entry]:
        """Return an entry, or those of a page: the acts up to its end are read, no more."""
        if not isinstance(place, slice) and place < 0:
            place = range(len(self))[place]
        end = place.stop if isinstance(place, slice) else place + 1
        acts = [Entry(each.at, each.words, each.by_name) for each in self._acts[:end]]
        return sorted([*acts, *self._told], key=lambda each: each.at, reverse=True)[place]

    def __iter__(self) -> Iterator[Entry]:
        """Return all of it."""
        return iter(self[: len(self)])


def with_notes(entries: Sequence[Any], *, kind: str, subject_id: UUID) -> NotedHistory:
    """Return a history with the notes on its thing in their places, the newest first."""
    notes = list(Note.objects.filter(kind=kind, subject_id=subject_id))
    names = names_for(sorted({note.written_by for note in notes if note.written_by}))
    told = [
        Entry(note.written_at, note.text, names.get(note.written_by, "") if note.written_by else "", note)
        for note in notes
    ]
    return NotedHistory(entries, told)
