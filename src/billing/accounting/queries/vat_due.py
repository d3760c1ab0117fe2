"""The VAT that fell due in a period, read from the books."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from billing.accounting.models import VatMovement
from billing.accounting.policy.vat_due import Due, Part, without_reversed
from billing.accounting.queries.vat_facts import is_on_debits
from billing.invoicing.models import Invoice


@dataclass(frozen=True, slots=True)
class Told:
    """What fell due, and of which invoice."""

    due: Due
    invoice: Invoice
    on_debits: bool

    @property
    def month(self) -> date:
        """Return the first day of the month it is declared for."""
        return self.due.on.replace(day=1)


def vat_due(*, starts_on: date, ends_on: date) -> list[Told]:
    """Return what fell due from a day to another, both included, in one statement.

    Money that came and was taken back in the same month made nothing due: it isn't named.
    """
    rows = VatMovement.objects.filter(on__range=(starts_on, ends_on)).select_related("invoice__customer")
    by_invoice: dict[Invoice, list[Due]] = {}
    for row in rows:
        by_invoice.setdefault(row.invoice, []).append(due_from(row))
    found = [told for invoice, dues in by_invoice.items() for told in _of(invoice, dues)]
    return sorted(found, key=lambda each: (each.due.on, each.invoice.number))


def _of(invoice: Invoice, dues: Iterable[Due]) -> list[Told]:
    return [Told(due, invoice, is_on_debits(invoice)) for due in without_reversed(dues)]


def due_from(row: VatMovement) -> Due:
    """Return a movement as the rule of VAT knows it."""
    part = Part(row.country, row.rate_pct, row.category, row.tax_reason, row.nature)
    return Due(row.on, part, row.base_cents, row.vat_cents, row.kind, row.label, str(row.key))
