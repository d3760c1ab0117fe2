"""What exports hold of people: who asked, and of whom the archive speaks."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from contracts.registry import CASCADE, declare
from exports.models import ExportJob

Rows = QuerySet[Any]


def _about(rows: Rows, person_ids: Collection[UUID]) -> Rows:
    return rows.filter(
        Q(requested_by_id__in=person_ids) | Q(about__overlap=list(person_ids)) | Q(subject_id__in=person_ids)
    )


def _asked(rows: Rows) -> Iterable[dict[str, Any]]:
    return rows.values("kind", "requested_at", "state", "ready_at", "expires_at", "size")


declare(
    ExportJob,
    label=_("exports"),
    category="learning",
    subject=("student", "guardian", "teacher", "administrator", "professional"),
    person=_about,
    export=_asked,
    erase=CASCADE,
    files=("file",),
)
