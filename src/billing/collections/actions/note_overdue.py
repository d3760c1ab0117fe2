"""See to an invoice on the day after its due date."""

from datetime import datetime
from uuid import UUID

from audit.actions import log_action
from billing.collections.actions.remind import schedule_reminders
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import balance_of
from billing.money.policy.days import paris_day


def note_overdue(*, invoice_id: UUID, now: datetime) -> int:
    """Return what is unpaid on the invoice in cents; from today it stands among what is overdue.

    Its reminders, and the notice that access will stop, are promised. A professional's interest runs by
    itself (LG-S6.3p); a consumer's only from a formal notice (LG-S6.3c).
    """
    balance = balance_of(invoice_id)
    if balance > 0:
        log_action("invoice.overdue", by=None, on=invoice_id, at=now, facts={"balance_cents": balance})
        schedule_reminders(invoice=Invoice.objects.get(pk=invoice_id), now=now, today=paris_day(now))
    return balance
