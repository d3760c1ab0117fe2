"""What the audit trail holds of people.

Names and values in a side table that can be erased, ids in the chain.
"""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from audit.models import Entry, Head, PersonalPart
from audit.registry import action_label
from contracts.registry import CASCADE, declare, nothing_personal

Rows = QuerySet[Any]


def parts_of(rows: Rows, person_ids: Collection[UUID]) -> Rows:
    """Return the personal parts of entries about, on or by these people."""
    ids = list(person_ids)
    mine = Q(entry__about__overlap=ids) | Q(entry__subject_id__in=ids) | Q(entry__actor_id__in=ids)
    return rows.filter(mine)


def forget(parts: QuerySet[Any]) -> int:
    """Return how many personal parts were erased, of those found.

    By the one function of the database that may: no role we work as deletes them itself.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_forget(%s::uuid[])", [list(parts.values_list("pk", flat=True))])
        (erased,) = cursor.fetchone()
    return int(erased)


def _exported(rows: Rows) -> Iterable[dict[str, Any]]:
    for row in rows.select_related("entry").order_by("entry__seq"):
        yield {"at": row.entry.at, "what": action_label(row.entry.verb), "details": row.part}


declare(
    PersonalPart,
    label=_("personal parts of the audit trail"),
    category="connection",
    subject=("administrator", "teacher", "professional", "guardian", "student"),
    person=parts_of,
    export=_exported,
    erase=CASCADE,
    deleted_by=forget,
)
nothing_personal(Entry, why="ids and facts only; names lie in its personal part, whose salted digest stays")
nothing_personal(Head, why="the number and hash of the last entry")
