"""Promise to see to an invoice that may fall overdue."""

from datetime import date, datetime, timedelta

from agenda.actions import open_obligation
from agenda.models import Obligation
from billing.invoicing.actions.finalize_invoice import LATE_CLAUSE
from billing.invoicing.models import Invoice
from billing.money.policy.days import within_day


def schedule_overdue(invoice: Invoice, *, due_on: date, now: datetime, occurrence: str = "") -> None:
    """Promise to see to an invoice on the first day after its due date, unless that is promised already."""
    clause = LATE_CLAUSE[invoice.customer_type]
    span = within_day(due_on + timedelta(days=1), now=now)
    waiting = Obligation.objects.waiting().filter(clause=clause, kind="overdue", subject_id=invoice.id)
    if waiting.filter(due_at=span["due_at"]).exists():
        return
    open_obligation(
        clause,
        kind="overdue",
        subject=invoice.id,
        **span,
        now=now,
        occurrence=occurrence or str(due_on),
    )
