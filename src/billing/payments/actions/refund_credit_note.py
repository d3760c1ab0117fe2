"""Give back what a credit note owes its client.

The money leaves the invoice and is refunded where it came from.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from audit.policy.actor import Actor
from billing.invoicing.models import Invoice
from billing.invoicing.queries.credits import owed_by
from billing.payments.actions.cover_order import cover_order, credited_shares
from billing.payments.actions.move_share import stand_in
from billing.payments.actions.refund_payment import refund_payment
from billing.payments.models import Refund


@transaction.atomic
def refund_credit_note(
    *, note: Invoice, reason: str, by: Actor | None, now: datetime, today: date
) -> list[Refund]:
    """Return the refunds of what a credit note owes, asked of the payments of its invoice, the last one
    first.

    The note then stands where the money stood, so the invoice stays paid; what the same order still asks is
    paid first. Money that isn't credited yet stays where it is: ask again later. Never more than was paid,
    nor twice.
    """
    assert note.corrects_id is not None
    invoice = Invoice.objects.select_for_update(of=("self",)).get(pk=note.corrects_id)
    cover_order(note.order_id, now=now, today=today)
    owed = owed_by(note)
    made = []
    for row in credited_shares(invoice.pk):
        part = min(owed, row.amount_cents)
        if part <= 0:
            break
        payment_id = stand_in(row, part, note=note, reason=reason, by=by, now=now)
        told: dict[str, Any] = {"reason": reason, "by": by, "now": now, "today": today}
        made.append(refund_payment(payment_id=payment_id, amount_cents=part, note=note, **told))
        owed -= part
    return made
