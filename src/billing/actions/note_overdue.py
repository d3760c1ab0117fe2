"""See to an invoice on the day after its due date."""

from datetime import datetime
from uuid import UUID

from audit.actions import write
from billing.queries.balances import balance_of


def note_overdue(*, invoice_id: UUID, now: datetime) -> int:
    """Return what is unpaid on the invoice in cents; from today it stands among what is overdue.

    A professional's interest runs by itself (LG-S6.3p); a consumer's only from a formal notice (LG-S6.3c).
    """
    balance = balance_of(invoice_id)
    if balance > 0:
        write("invoice.overdue", by=None, on=invoice_id, at=now, facts={"balance_cents": balance})
    return balance
