"""What a client is asked to pay, piece by piece: invoices and claims for late interest alike."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from billing.collections.models import InterestClaim
from billing.collections.queries.claims import overdue_claims
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import overdue_invoices
from contracts.policy.clauses import keeps


@dataclass(frozen=True, slots=True)
class Owed:
    """An invoice or a claim, what is left of it in cents, and its day."""

    about: Invoice | InterestClaim
    left_cents: int
    due_on: date

    @property
    def is_claim(self) -> bool:
        """Return whether it is a claim for late interest."""
        return isinstance(self.about, InterestClaim)


@keeps("LG-S6.3x")
def overdue_of(customer_ids: Collection[UUID], today: date) -> dict[UUID, list[Owed]]:
    """Return what each of these clients owes after its day, oldest first; who owes nothing is left out."""
    found: dict[UUID, list[Owed]] = {}
    for invoice in overdue_invoices(today).filter(customer__in=customer_ids).order_by("falls_due_on"):
        owed = Owed(invoice, invoice.balance_cents, invoice.falls_due_on)
        found.setdefault(invoice.customer_id, []).append(owed)
    claims = overdue_claims(today).filter(invoice__customer__in=customer_ids).select_related("invoice")
    for claim in claims.order_by("falls_due_on"):
        owed = Owed(claim, claim.left_cents, claim.falls_due_on)
        found.setdefault(claim.invoice.customer_id, []).append(owed)
    return found


def overdue_claim_ids(customer_id: UUID, today: date) -> set[UUID]:
    """Return a client's claims for late interest that are overdue."""
    found = overdue_claims(today).filter(invoice__customer=customer_id)
    return set(found.values_list("pk", flat=True))
