"""What clients owe after its day: invoices, and claims for having paid them late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date
from uuid import UUID

from billing.collections.queries.claims import overdue_claims
from billing.invoicing.queries.balances import overdue_invoices
from contracts.policy.clauses import keeps


@keeps("LG-S6.3x")
def overdue_by_customer(customer_ids: Collection[UUID], today: date) -> dict[UUID, int]:
    """Return what each of these clients owes after its day, in cents; who owes nothing isn't in it."""
    found = Counter[UUID]()
    invoices = overdue_invoices(today).filter(customer__in=customer_ids).order_by()
    for pk, cents in invoices.values_list("customer", "balance_cents"):
        found[pk] += cents
    claims = overdue_claims(today).filter(invoice__customer__in=customer_ids).order_by()
    for pk, cents in claims.values_list("invoice__customer", "left_cents"):
        found[pk] += cents
    return dict(found)


def overdue_cents(customer_id: UUID, today: date) -> int:
    """Return what a client owes after its day, in cents."""
    return overdue_by_customer([customer_id], today).get(customer_id, 0)
