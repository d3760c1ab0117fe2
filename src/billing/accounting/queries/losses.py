"""What giving up a receivable would write, before it is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from billing.accounting.policy.chart import Chart
from billing.accounting.policy.entries import of_loss
from billing.accounting.queries.facts import loss
from billing.accounting.queries.vat_facts import lost_of
from billing.collections.models import InterestClaim
from billing.invoicing.models import Invoice


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an entry, for people: positive cents are debit, negative ones credit."""

    number: str
    label: str
    cents: int

    @property
    def credit_cents(self) -> int:
        """Return what stands on the credit side."""
        return max(0, -self.cents)


def loss_sides(
    about: Invoice | InterestClaim, known: Chart, *, cents: int, on: date, is_final: bool
) -> list[Side]:
    """Return the sides of the entry that giving up so many cents would make."""
    parts = lost_of(about, cents) if isinstance(about, Invoice) else []
    return [
        Side(known.accounts[each.role].number, known.accounts[each.role].label, each.cents)
        for draft in of_loss(loss(about.number, cents, parts, on=on, is_final=is_final))
        for each in draft.postings
    ]
