"""Give back what a credit note owes its client.

The money leaves the invoice and is refunded where it came from.
"""

from datetime import date, datetime

from django.db import transaction

from audit.policy.actor import Actor
from billing.invoicing.actions.settle_invoice import announce_share_moved
from billing.invoicing.models import Allocation, Invoice
from billing.invoicing.queries.credits import owed_by
from billing.payments.actions.auto_allocate_payments import put, release
from billing.payments.actions.refund_payment import refund_payment
from billing.payments.models import Refund


@transaction.atomic
def refund_credit_note(
    *, note: Invoice, reason: str, by: Actor | None, now: datetime, today: date
) -> list[Refund]:
    """Return the refunds of what a credit note owes, asked of the payments of its invoice, the last one
    first.

    The note then stands where the money stood, so the invoice stays paid. Money that isn't credited yet stays
    where it is: ask again later. Never more than was paid, nor twice.
    """
    assert note.corrects_id is not None
    invoice = Invoice.objects.select_for_update(of=("self",)).get(pk=note.corrects_id)
    owed = owed_by(note)
    made = []
    for row in _credited(invoice):
        part = min(owed, row.amount_cents)
        if part <= 0:
            break
        made.append(_move(row, part, note, invoice, reason, by, now, today))
        owed -= part
    return made


def _credited(invoice: Invoice) -> list[Allocation]:
    rows = Allocation.objects.active().filter(
        invoice=invoice, payment__credited_on__isnull=False, payment__bounced_on=None
    )
    return list(rows.select_related("payment").order_by("-allocated_at", "-id"))


def _move(
    row: Allocation,
    part: int,
    note: Invoice,
    invoice: Invoice,
    reason: str,
    by: Actor | None,
    now: datetime,
    today: date,
) -> Refund:
    assert row.payment_id is not None
    release(row, reason=reason, by=by, now=now)
    if rest := row.amount_cents - part:
        put(payment_id=row.payment_id, invoice=invoice, cents=rest, by=by, now=now)
    share = Allocation.objects.create(credit_note=note, invoice=invoice, amount_cents=part, allocated_at=now)
    announce_share_moved(share, now=now)
    return refund_payment(
        payment_id=row.payment_id, amount_cents=part, reason=reason, by=by, now=now, today=today, note=note
    )
