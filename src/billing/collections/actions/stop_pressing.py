"""Stop pressing for money that came."""

from datetime import datetime

from agenda.actions import close_obligation
from billing.collections.actions.suspend import lift_paid
from billing.invoicing.actions.finalize_invoice import LATE_CLAUSE
from billing.invoicing.models import Invoice


def stop_pressing(*, invoice: Invoice, now: datetime) -> None:
    """Drop what was promised to press for the money, and give access back at once (LG-S19)."""
    for clause, kind in ((LATE_CLAUSE[invoice.customer_type], "reminder"), ("LG-S19", "suspension-notice")):
        close_obligation(clause, kind=kind, subject=invoice.id, now=now, evidence={"paid": True})
    lift_paid(invoice=invoice, now=now)
