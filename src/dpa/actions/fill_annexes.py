"""Keep what the controller says of itself (annex A) and of its purposes (annex B)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from audit.actions import log_action
from dpa.models import AnnexDraft
from people.models import Person


def locked_draft(now: datetime) -> AnnexDraft:
    """Return what the controller has filled in, locked; made empty the first time."""
    AnnexDraft.objects.get_or_create(is_only=True, defaults={"changed_at": now})
    return AnnexDraft.objects.select_for_update().get()


@transaction.atomic
def save_contacts(*, contacts: Mapping[str, Any], by: Person, now: datetime) -> AnnexDraft:
    """Return the draft with annex A as the controller fills it in."""
    row = locked_draft(now)
    if row.contacts != dict(contacts):
        row.contacts = dict(contacts)
        _save(row, "annex.contacts_set", sorted(contacts), by, now)
    return row


@transaction.atomic
def save_purposes(*, purposes: Mapping[str, Mapping[str, str]], by: Person, now: datetime) -> AnnexDraft:
    """Return the draft with the purpose and the legal basis of each category."""
    row = locked_draft(now)
    wanted = {category: dict(said) for category, said in purposes.items()}
    if row.purposes != wanted:
        row.purposes = wanted
        _save(row, "annex.purposes_set", sorted(wanted), by, now)
    return row


def _save(row: AnnexDraft, verb: str, names: list[str], by: Person, now: datetime) -> None:
    row.changed_by = by.pk
    row.changed_at = now
    row.save()
    log_action(verb, by=by, on=row, at=now, facts={"fields": names})
