"""What suspends the payment of invoices, and when."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from billing.invoicing.policy.pauses import Pause
from billing.registry import ask


def pauses_by_invoice(invoices: Collection[UUID] | None = None) -> dict[UUID, list[Pause]]:
    """Return the pauses of each of these invoices that has any; of all invoices where none are named."""
    found: dict[UUID, list[Pause]] = ask("pauses_by_invoice", invoices)
    return found
