"""Promise to see to an invoice that may fall overdue."""

from datetime import date, datetime, timedelta

from agenda.actions import open_obligation
from billing.invoicing.actions.finalize_invoice import LATE_CLAUSE
from billing.invoicing.models import Invoice
from billing.money.policy.days import within_day


def schedule_overdue(invoice: Invoice, *, due_on: date, now: datetime, occurrence: str = "") -> None:
    """Promise to see to an invoice on the first day after its due date."""
    clause = LATE_CLAUSE[invoice.customer_type]
    open_obligation(
        clause,
        kind="overdue",
        subject=invoice.id,
        **within_day(due_on + timedelta(days=1), now=now),
        now=now,
        occurrence=occurrence or str(due_on),
    )
