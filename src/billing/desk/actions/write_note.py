"""Write a note on a document, a payment or a customer; erase its words again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from agenda.actions import close_obligation, open_obligation
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.desk.models import Note
from billing.desk.policy.notes import note_erased_on
from billing.desk.queries.notes import customer_of, noted
from billing.money.policy.days import paris_day, within_day
from contracts.policy.redaction import redacted

STORAGE = "GDPR-5.1e"  # kept no longer than needed


class NothingNoted(Exception):
    """Raised when there is nothing to write on, or nothing was written."""


@transaction.atomic
def write_note(*, kind: str, subject_id: UUID, text: str, by: Actor | None, now: datetime) -> Note:
    """Return the note, kept with who wrote it; no card or account number that stands in it is.

    Its words are promised to be erased after five years. Raises NothingNoted.
    """
    subject = noted(kind, subject_id)
    words = redacted(text.strip())
    if subject is None or not words:
        raise NothingNoted(kind)
    note = Note.objects.create(
        kind=kind,
        subject_id=subject_id,
        customer_id=customer_of(kind, subject),
        text=words,
        written_at=now,
        written_by=by.id if by else None,
    )
    span = within_day(note_erased_on(paris_day(now)), now=now)
    open_obligation(STORAGE, kind="note", subject=note.id, **span, now=now)
    log_action(
        "note.written", by=by, on=note, at=now, facts={"kind": kind}
    )  # its words stay out of the trail: they can go
    return note


@transaction.atomic
def erase_note(*, note_id: UUID, by: Actor | None, now: datetime) -> bool:
    """Return whether its words were still there; that there was a note, and who erased it, stays."""
    note = Note.objects.select_for_update(of=("self",)).get(pk=note_id)
    if note.erased_at is not None:
        return False
    note.erase(at=now, by=by.id if by else None)
    close_obligation(STORAGE, kind="note", subject=note.id, now=now, evidence={"erased": True})
    log_action("note.erased", by=by, on=note, at=now, facts={"kind": note.kind})
    return True
