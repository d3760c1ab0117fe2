"""Write one entry at the end of the chain."""

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from audit.models import Entry, Head, PersonalPart
from audit.policy.actor import Actor
from audit.policy.chain import START, Link, link_hash, personal_digest
from contracts.policy.clauses import keeps
from contracts.policy.redaction import redacted
from isolation.context import current_context


@transaction.atomic
@keeps("LG-DCl")
def log_action(
    verb: str,
    *,
    by: Actor | None,
    on: models.Model | UUID,
    at: datetime,
    facts: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
    about: Iterable[UUID] = (),
) -> Entry:
    """Return the entry written in the audit trail of the place we are in.

    `by` is a person (or anything with an id), None for the system. `facts` hold nothing personal; names and
    values go to `personal`, whose digest stays when they are erased, without any number of a card or an
    account (LG-S6.2k). `about` are the ids of the people it concerns.
    """
    head = _locked_head()
    salt = os.urandom(16)
    part = {
        name: redacted(value) if isinstance(value, str) else value for name, value in (personal or {}).items()
    }
    entry = Entry(
        seq=head.seq + 1,
        at=at.astimezone(UTC),
        verb=verb,
        actor_id=getattr(by, "id", None),
        subject_type=_type_of(on),
        subject_id=on.pk if isinstance(on, models.Model) else on,
        facts=facts or {},
        about=sorted(set(about), key=attrgetter("int")),
        personal_digest=personal_digest(salt, part),
        previous_hash=head.hash,
    )
    entry.hash = link_hash(head.hash, link_of(entry))
    entry.save(force_insert=True)
    if part:
        PersonalPart.objects.create(entry=entry, salt=salt, part=part)
    return entry  # the database itself moved the head to it


def link_of(entry: Entry) -> Link:
    """Return what the hash of an entry covers."""
    return Link(
        seq=entry.seq,
        at=entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        verb=entry.verb,
        actor_id=str(entry.actor_id or ""),
        subject_type=entry.subject_type,
        subject_id=str(entry.subject_id),
        facts=entry.facts,
        about=[str(person) for person in entry.about],
        personal_digest=entry.personal_digest,
    )


def _locked_head() -> Head:
    """Return the end of the trail, ours until we commit; an empty trail has none yet."""
    head = Head.objects.select_for_update().first()
    if head is None:
        with connection.cursor() as cursor:  # one first writer at a time
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.audit_head'))")
        head = Head.objects.select_for_update().first()
    return head or Head(hash=START)


def _type_of(on: models.Model | UUID) -> str:
    place = current_context()
    return on._meta.label_lower if isinstance(on, models.Model) else (place.kind if place else "")
