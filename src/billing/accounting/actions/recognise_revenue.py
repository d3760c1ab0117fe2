"""Write what of the revenue waits for what is still to be served, when a month ends."""

from datetime import date, datetime, timedelta

from django.db import transaction

from billing.accounting.actions.plan_recognition import promise_month
from billing.accounting.actions.write_entries import write_entries
from billing.accounting.models import JournalEntry
from billing.accounting.policy.entries import of_deferral
from billing.accounting.queries.deferred import deferred_by_invoice, deferred_in_books
from billing.invoicing.models import Invoice
from billing.money.policy.calendar_months import add_months
from billing.money.queries.closed import first_open_on


@transaction.atomic
def recognise_revenue(*, month: date, now: datetime) -> int:
    """Return how many invoices' deferred revenue was brought to what stands at the end of a month.

    What changed of an earlier month that is closed is written in this one. The months after it that were
    written already follow; a closed month stays as it is.
    """
    after = add_months(month, 1)
    open_on = first_open_on()
    if open_on is not None and after <= open_on:
        return 0
    last_day = after - timedelta(days=1)
    wanted = deferred_by_invoice(last_day)
    booked = deferred_in_books(last_day)
    written = 0
    for invoice in Invoice.objects.filter(pk__in={*wanted, *booked}).order_by("issued_on", "number"):
        before = booked.get(invoice.pk, {})
        target = wanted.get(invoice.pk, {})
        roles = {*before, *target}
        changes = [(role, target.get(role, 0) - before.get(role, 0)) for role in roles]
        written += _write(invoice, last_day, changes, now)
    if wanted:
        promise_month(after, now=now)
    if written and JournalEntry.objects.filter(journal="deferred", on__gt=last_day).exists():
        recognise_revenue(month=after, now=now)
    return written


def _write(invoice: Invoice, on: date, changes: list[tuple[str, int]], now: datetime) -> int:
    event = f"deferred {on:%Y-%m}"
    turn = JournalEntry.objects.filter(source_id=invoice.pk, event__startswith=event).count() + 1
    made = write_entries(
        of_deferral(invoice.number, on=on, event=f"{event} {turn}", by_role=changes),
        source=JournalEntry.Source.INVOICE,
        source_id=invoice.pk,
        customer_id=invoice.customer_id,
        currency=invoice.currency,
        now=now,
        about_id=invoice.pk,
    )
    return len(made)
