"""Cancel an order that was not paid in time."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from agenda.actions import post, settle
from agenda.loop import kick
from audit.actions import write
from billing.actions.amend_contracts import take_back_amendments
from billing.actions.issue_invoice import LATE_CLAUSE, issue_credit_note
from billing.actions.move_stock import put_back
from billing.models import Allocation, Invoice, Order


class NotCancellable(Exception):
    """Raised before its seven business days have passed, once it is paid, or when it was cancelled already."""


class MoneyInHand(Exception):
    """Raised when a payment was received: credit it, or give it back first."""


@transaction.atomic
def cancel_order(*, order_id: UUID, reason: str, by: Any, now: datetime, today: date) -> Order:
    """Return the order, cancelled; its invoice is taken back by a credit note, never deleted.

    What it had added to a contract that runs is taken back too.

    Raises NotCancellable, MoneyInHand. Clause: LG-S5.2c
    """
    order = Order.objects.select_for_update().get(pk=order_id)
    if not order.is_cancellable:
        raise NotCancellable(order.number)
    for invoice in Invoice.objects.select_for_update().filter(order=order, kind=Invoice.Kind.INVOICE):
        _take_back(invoice, by, now, today)
    take_back_amendments(order=order, now=now)
    put_back(order=order, now=now)
    order.mark_cancelled(at=now, reason=reason)
    write("order.cancelled", by=by, on=order, at=now, facts={"number": order.number}, personal={"reason": reason})
    post("billing/order_cancelled", ids={"order": order.id}, now=now, key=f"order-cancelled:{order.id}")
    kick()
    return order


def _take_back(invoice: Invoice, by: Any, now: datetime, today: date) -> None:
    if Allocation.objects.standing().filter(invoice=invoice).exists():
        raise MoneyInHand(invoice.number)
    note = issue_credit_note(corrects=invoice, by=by, now=now, today=today)
    Allocation.objects.create(credit_note=note, invoice=invoice, amount_cents=invoice.gross_cents, allocated_at=now)
    settle(
        LATE_CLAUSE[invoice.regime], kind="overdue", subject=invoice.id, now=now, evidence={"credit_note": str(note.id)}
    )
