"""Keep that a client contests an invoice, and how it ended."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from audit.actions import write
from billing.models import Dispute, Invoice


class DisputeStands(Exception):
    """Raised when the invoice is contested already."""


class NoDispute(Exception):
    """Raised when nothing is contested."""


@transaction.atomic
def open_dispute(*, invoice: Invoice, reason: str, by: Any, now: datetime) -> Dispute:
    """Return the open dispute; while it lasts no new order is taken from the client.

    Raises DisputeStands. Clause: LG-S5.2x
    """
    Invoice.objects.select_for_update().get(pk=invoice.pk)
    if invoice.disputes.filter(closed_at=None).exists():
        raise DisputeStands(invoice.number)
    dispute = Dispute.objects.create(invoice=invoice, reason=reason, opened_at=now)
    write("dispute.opened", by=by, on=invoice, at=now, facts={"number": invoice.number}, personal={"reason": reason})
    return dispute


@transaction.atomic
def close_dispute(*, invoice_id: UUID, outcome: str, by: Any, now: datetime) -> Dispute:
    """Return the dispute, closed with its outcome. Raises NoDispute."""
    dispute = Dispute.objects.select_for_update().filter(invoice_id=invoice_id, closed_at=None).first()
    if dispute is None:
        raise NoDispute(invoice_id)
    dispute.closed_at, dispute.outcome = now, outcome
    dispute.save(update_fields=["closed_at", "outcome"])
    write("dispute.closed", by=by, on=invoice_id, at=now, personal={"outcome": outcome})
    return dispute
