"""Remind a late payer, by the schedule of their profile."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from billing.collections.actions.apply_debt_standing import apply_debt_standing
from billing.invoicing.models import Invoice
from billing.money.policy.days import paris_day


def reminder_key(invoice_id: UUID, occurrence: str) -> str:
    """Return the name under which a reminder lies in the outbox, once."""
    return f"payment-reminder:{invoice_id}:{occurrence}"


@transaction.atomic
def send_reminder(*, invoice_id: UUID, now: datetime, occurrence: str) -> bool:
    """Return whether a reminder left: something is overdue today, not contested, and was not said since."""
    found = apply_debt_standing(invoice_id=invoice_id, now=now)
    if not any(day <= paris_day(now) for day in found.reminders):
        return False
    invoice = Invoice.objects.get(pk=invoice_id)
    key = reminder_key(invoice.id, occurrence)
    ids = {"invoice": invoice.id, "due_on": found.debt.due_on}
    enqueue_message("billing/payment_reminder", ids=ids, now=now, key=key)
    log_action("invoice.reminded", by=None, on=invoice, at=now, facts={"number": invoice.number})
    wake_worker()
    return True
