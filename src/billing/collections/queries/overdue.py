"""How much clients owe after its day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from billing.collections.queries.owed import overdue_of
from contracts.policy.clauses import keeps


@keeps("LG-S6.3x")
def overdue_by_customer(customer_ids: Collection[UUID], today: date) -> dict[UUID, int]:
    """Return what each of these clients owes after its day, in cents; who owes nothing isn't in it."""
    found = overdue_of(customer_ids, today)
    return {pk: sum(each.left_cents for each in pieces) for pk, pieces in found.items()}


def overdue_cents(customer_id: UUID, today: date) -> int:
    """Return what a client owes after its day, in cents."""
    return overdue_by_customer([customer_id], today).get(customer_id, 0)
