"""Remind a late payer, by the schedule of their profile."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from agenda.actions import enqueue_message, open_obligation
from agenda.loop import wake_worker
from agenda.models import Obligation
from audit.actions import log_action
from billing.collections.models import Dispute
from billing.collections.queries.suspensions import concerned_by
from billing.invoicing.actions.finalize_invoice import LATE_CLAUSE
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import balance_of, falls_due_on
from billing.money.policy.days import OFFICE_OPENS, within_day
from contracts.policy.profiles import Profile
from contracts.registry import profile


def schedule_reminders(*, invoice: Invoice, now: datetime, today: date) -> None:
    """Promise the reminders of an overdue invoice, then the notice that access will stop where one may
    follow.
    """
    due_on = falls_due_on(invoice)
    concerned = concerned_by(invoice)
    rules = concerned[0].profile if concerned else default_rules(invoice, today)
    clause = LATE_CLAUSE[invoice.customer_type]
    for days in dict.fromkeys((rules.late.first_reminder_days, rules.late.second_reminder_days)):
        _promise(clause, "reminder", invoice, due_on + timedelta(days=days), now)
    waits = [
        row.profile.suspension.notice_after_days
        for row in concerned
        if row.profile.suspension.when != "never"
    ]
    if waits:
        day = due_on + timedelta(days=max(min(waits), 1))
        _promise("LG-S19", "suspension-notice", invoice, day, now)


def default_rules(invoice: Invoice, today: date) -> Profile:
    """Return the rules for an invoice that opened nothing: a consumer's or a professional's."""
    return profile("family" if invoice.customer_type == "consumer" else "school", on=today)


def _promise(clause: str, kind: str, invoice: Invoice, day: date, now: datetime) -> None:
    """Promise it once; again when money came and left: what was dropped then, and the warning in any case."""
    before = Obligation.objects.filter(
        clause=clause, kind=kind, subject_id=invoice.id, occurrence__startswith=str(day)
    )
    standing = (
        {Obligation.State.PENDING, Obligation.State.KEPT}
        if kind == "reminder"
        else {Obligation.State.PENDING}
    )
    if before.filter(state__in=standing).exists():
        return
    occurrence = f"{day} {times + 1}" if (times := before.count()) else str(day)
    span = within_day(day, now=now, opens=OFFICE_OPENS)
    open_obligation(clause, kind=kind, subject=invoice.id, **span, now=now, occurrence=occurrence)


def reminder_key(invoice_id: UUID, occurrence: str) -> str:
    """Return the name under which a reminder lies in the outbox, once."""
    return f"payment-reminder:{invoice_id}:{occurrence}"


@transaction.atomic
def send_reminder(*, invoice_id: UUID, now: datetime, occurrence: str) -> bool:
    """Return whether a reminder left: something is still unpaid, due, and not contested."""
    invoice = Invoice.objects.get(pk=invoice_id)
    disputed = Dispute.objects.filter(invoice=invoice, closed_at=None).exists()
    if balance_of(invoice.pk) <= 0 or disputed:
        return False
    key = reminder_key(invoice.id, occurrence)
    enqueue_message("billing/payment_reminder", ids={"invoice": invoice.id}, now=now, key=key)
    log_action("invoice.reminded", by=None, on=invoice, at=now, facts={"number": invoice.number})
    wake_worker()
    return True
