"""Deleting rows and what hangs on them by whole tables: Django's own way reads each row first."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import CASCADE, DO_NOTHING, SET_NULL, ProtectedError, QuerySet
from django.db.models.deletion import get_candidate_relations_to_delete

Rows = QuerySet[Any]


def delete_rows(rows: Rows) -> int:
    """Return how many rows were deleted; what points to them goes first, or lets go, as their keys say.

    Raises ProtectedError when something that points to them forbids it.
    """
    relations = list(get_candidate_relations_to_delete(rows.model._meta))
    if relations:
        keys = list(rows.order_by().values_list("pk", flat=True))
        if not keys:
            return 0
        for relation in relations:
            _let_go(relation, keys)
        rows = rows.model._base_manager.filter(pk__in=keys)
    return rows.order_by()._raw_delete(rows.db) or 0  # type: ignore[attr-defined, no-any-return]  # None: nothing asked


def _let_go(relation: Any, keys: Collection[UUID]) -> None:
    field = relation.field
    pointing = relation.related_model._base_manager.filter(**{f"{field.name}__in": keys})
    if field.remote_field.on_delete is CASCADE:
        delete_rows(pointing)
    elif field.remote_field.on_delete is SET_NULL:
        pointing.update(**{field.name: None})
    elif field.remote_field.on_delete is not DO_NOTHING and pointing.exists():
        raise ProtectedError(f"{pointing.model._meta.label} still points there", set(pointing))
