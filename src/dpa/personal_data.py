"""What the privacy centre itself holds of people: the reason somebody wrote about a request, and ids."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from classrooms.models import Guardian
from contracts.registry import declare, nothing_personal
from dpa.models import (
    AnnexAddition,
    AnnexDraft,
    BreachResponse,
    DataRequest,
    Erasure,
    Hold,
    Restriction,
    RetentionRule,
)
from people.models import Person

Rows = QuerySet[Any]


def _about(rows: Rows, person_ids: Collection[UUID]) -> Rows:
    return rows.filter(Q(subjects__overlap=list(person_ids)) | Q(requested_by__in=person_ids))


def _export(rows: Rows) -> Iterable[dict[str, Any]]:
    return rows.values("kind", "origin", "state", "requested_at", "decided_at", "reason", "undone_at")


def _names(rows: Rows, person_ids: Collection[UUID]) -> Rows:
    """Return the annexes that give somebody's address as the one to write to."""
    people = Person.objects.filter(pk__in=person_ids).exclude(email="")
    addresses = list(people.values_list("email", flat=True))
    return rows.filter(Q(contacts__email__in=addresses) | Q(contacts__officer_email__in=addresses))


def _contacts(rows: Rows) -> Iterable[dict[str, Any]]:
    return ({"details": row.contacts} for row in rows)


def _forget_contacts(rows: Rows, now: datetime) -> int:
    """Empty whom to write to; the controller is asked to name somebody else."""
    gone = {"representative", "email", "phone", "officer", "officer_email"}
    for row in rows:
        row.contacts = {name: said for name, said in row.contacts.items() if name not in gone}
        row.save(update_fields=["contacts"])
    return len(rows)


def _forget_reasons(rows: Rows, now: datetime) -> int:
    """Empty what was written; the ids stay, as in the ledger, so that the erasure can be proved."""
    return rows.exclude(reason="").update(reason="")


declare(
    Erasure,
    label=_("deletions"),
    category="consent",
    subject=("student", "guardian", "teacher", "administrator", "professional"),
    person=_about,
    export=_export,
    erase=_forget_reasons,
)
declare(
    AnnexDraft,
    label=_("contacts named in the annexes"),
    category="contact",
    subject=("administrator", "professional"),
    person=_names,
    export=_contacts,
    erase=_forget_contacts,
)


def _asked(rows: Rows, person_ids: Collection[UUID]) -> Rows:
    """Return the requests of somebody or about them, and those whose answer goes to their address."""
    people = Person.objects.filter(pk__in=person_ids).exclude(email="").exclude(email=None)
    guardians = Guardian.objects.filter(pk__in=person_ids).exclude(email="")
    addresses = [*people.values_list("email", flat=True), *guardians.values_list("email", flat=True)]
    mine = Q(subjects__overlap=list(person_ids)) | Q(person_id__in=person_ids)
    return rows.filter(mine | Q(contact__in=addresses) & ~Q(contact=""))


def _export_requests(rows: Rows) -> Iterable[dict[str, Any]]:
    return rows.values("right", "origin", "state", "received_at", "due_at", "words", "answer", "answered_at")


def _forget_requests(rows: Rows, now: datetime) -> int:
    """Empty who asked and what was written; ids and times stay, as in the ledger."""
    said = Q(sender="") & Q(contact="") & Q(words="") & Q(answer="") & Q(extension_reason="")
    return rows.exclude(said).update(sender="", contact="", words="", answer="", extension_reason="")


declare(
    DataRequest,
    label=_("requests about one’s data"),
    category="consent",
    subject=("student", "guardian", "teacher", "administrator", "professional"),
    person=_asked,
    export=_export_requests,
    erase=_forget_requests,
)


def _held(rows: Rows, person_ids: Collection[UUID]) -> Rows:
    return rows.filter(subjects__overlap=list(person_ids))


def _export_holds(rows: Rows) -> Iterable[dict[str, Any]]:
    return rows.values("ground", "reason", "placed_at", "ends_on", "lifted_at")


def _forget_holds(rows: Rows, now: datetime) -> int:
    return rows.exclude(reason="").update(reason="")


declare(
    Hold,
    label=_("data held beyond its period"),
    category="consent",
    subject=("student", "guardian", "teacher", "administrator", "professional"),
    person=_held,
    export=_export_holds,
    erase=_forget_holds,
)
nothing_personal(Restriction, why="ids and times of a freeze; whose it was is an id")
nothing_personal(RetentionRule, why="a category and a number of days; who set it is an id")
nothing_personal(AnnexAddition, why="names of fields; who added them is an id")
nothing_personal(BreachResponse, why="decisions and drafts of a controller, which name nobody")
