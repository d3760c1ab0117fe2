"""Whose data is held back from every retention period today."""

from datetime import date
from typing import Any
from uuid import UUID

from contracts.policy.clauses import keeps
from dpa.models import Hold, Restriction


@keeps("LG-D5")
def held_back(on: date) -> frozenset[UUID]:
    """Return every id of whose data is held on a day for a dispute or the law, or frozen."""
    holds = Hold.objects.filter(lifted_at=None, ends_on__gt=on).values_list("subjects", flat=True)
    frozen = Restriction.objects.filter(ended_at=None).values_list("subjects", flat=True)
    return frozenset(one for ids in (*holds, *frozen) for one in ids)


def holds(on: date) -> list[Hold]:
    """Return the holds, those that hold first, each with `is_standing`."""
    rows: list[Any] = list(Hold.objects.all())
    for row in rows:
        row.is_standing = row.lifted_at is None and row.ends_on > on
    return sorted(rows, key=lambda row: not row.is_standing)


def hold_with(hold_id: UUID) -> Hold | None:
    """Return a hold of the tenant we are inside."""
    return Hold.objects.filter(pk=hold_id).first()
