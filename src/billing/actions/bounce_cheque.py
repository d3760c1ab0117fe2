"""Take a payment back that the bank refused: the invoice is unpaid again."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from agenda.actions import owe, post, settle
from agenda.loop import kick
from audit.actions import write
from billing.actions.issue_invoice import owe_overdue
from billing.models import Invoice, Order, Payment
from billing.policy.days import day_starts_at
from billing.queries.balances import falls_due_on


class BouncedAlready(Exception):
    """Raised when the bank had refused it before."""


@transaction.atomic
def bounce_cheque(*, payment_id: UUID, bounced_on: date, reason: str, by: Any, now: datetime) -> Payment:
    """Return the payment, bounced: it pays nothing any more, and what waits for money waits again.

    An order that was about to open goes back to waiting; one that is open stays so until it is suspended (LG-S19).
    Raises BouncedAlready.
    """
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    if payment.bounced_on:
        raise BouncedAlready(payment_id)
    payment.mark_bounced(on=bounced_on, reason=reason)
    invoices = [row.invoice for row in payment.allocations.standing().select_related("invoice")]
    payment.allocations.standing().update(released_at=now)
    write(
        "payment.bounced",
        by=by,
        on=payment,
        at=now,
        facts={"amount_cents": payment.amount_cents},
        personal={"reason": reason},
    )
    for invoice in invoices:
        owe_overdue(invoice, due_on=falls_due_on(invoice), now=now, occurrence=str(payment.id))
        _wait_again(invoice, payment, now)
    post("billing/payment_bounced", ids={"payment": payment.id}, now=now, key=f"payment-bounced:{payment.id}")
    kick()
    return payment


def _wait_again(invoice: Invoice, payment: Payment, now: datetime) -> None:
    order = Order.objects.select_for_update().filter(invoices=invoice, state=Order.State.FUNDED).first()
    if order is None:
        return
    order.wait_again()
    settle("LG-S12", kind="open-access", subject=order.id, now=now, evidence={"bounced": str(payment.id)})
    due_at = max(day_starts_at(order.cancellable_on), now + timedelta(minutes=1))
    owe("LG-S5.2c", kind="cancellable", subject=order.id, due_at=due_at, now=now, occurrence=str(payment.id))
