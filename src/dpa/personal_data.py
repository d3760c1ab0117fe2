"""What the privacy centre itself holds of people: the reason somebody wrote about a request, and ids."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from contracts.registry import declare, nothing_personal
from dpa.models import AnnexAddition, BreachResponse, Erasure, RetentionRule

Rows = QuerySet[Any]


def _about(rows: Rows, person_ids: Collection[UUID]) -> Rows:
    return rows.filter(Q(subjects__overlap=list(person_ids)) | Q(requested_by__in=person_ids))


def _export(rows: Rows) -> Iterable[dict[str, Any]]:
    return rows.values("kind", "origin", "state", "requested_at", "decided_at", "reason", "undone_at")


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
nothing_personal(RetentionRule, why="a category and a number of days; who set it is an id")
nothing_personal(AnnexAddition, why="names of fields; who added them is an id")
nothing_personal(BreachResponse, why="decisions and drafts of a controller, which name nobody")
