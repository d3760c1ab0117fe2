"""Cancel an order that was not paid in time."""

from contextlib import suppress
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.invoicing.actions.credit_invoice import credit_invoice
from billing.invoicing.models import Invoice
from billing.invoicing.policy.credit import NothingCredited
from billing.orders.actions.decrement_stock import restock
from billing.orders.models import Order
from billing.orders.queries.asked import is_taken_back
from billing.orders.queries.pending import may_be_stopped
from billing.payments.actions.refund_credit_note import refund_credit_note
from billing.registry import announce, ask
from contracts.policy.clauses import keeps

_WHY = gettext_lazy("Order cancelled: it was not paid in time.")


REASON = "cancelled"


class NotCancellable(Exception):
    """Raised before its business days have passed while its client owes nothing overdue, once it is paid, or
    when it was cancelled already.
    """


class MoneyInHand(Exception):
    """Raised when a payment is in hand and not credited yet: credit it, or note that it was refused."""


@transaction.atomic
@keeps("LG-S5.2c", "LG-S6.3x")
def cancel_order(
    *, order_id: UUID, reason: str, by: Actor | None, now: datetime, today: date, lapsed: bool = False
) -> Order:
    """Return the order, cancelled; its invoices are taken back by credit notes, never deleted.

    What was paid of it, a deposit, is asked to be given back.

    At once while its client owes something overdue, where credit notes took back all it asked, or where what
    it adds to is over (`lapsed`).

    What it had added to a contract that runs is taken back too.

    Raises NotCancellable, MoneyInHand.
    """
    order = Order.objects.select_for_update().get(pk=order_id)
    is_waiting = order.state == Order.State.AWAITING_PAYMENT
    is_over = is_waiting and (lapsed or may_be_stopped(order, today=today) or is_taken_back(order))
    may_be_asked = not Order.objects.filter(pk=order_id).filter(ask("payment_suspended", today, order="pk"))
    if not (order.is_cancellable and may_be_asked) and not is_over:
        raise NotCancellable(order.number)
    _take_back(order, by, now, today)
    announce_order_cancelled(order=order, now=now)
    restock(order=order, now=now)
    order.mark_cancelled("cancel", at=now, reason=reason)
    log_action(
        "order.cancelled",
        by=by,
        on=order,
        at=now,
        facts={"number": order.number, "overdue": order.cancellable_since is None},
        personal={"reason": reason},
    )
    enqueue_message(
        "billing/order_cancelled", ids={"order": order.id}, now=now, key=f"order-cancelled:{order.id}"
    )
    wake_worker()
    return order


def announce_order_cancelled(*, order: Order, now: datetime) -> None:
    """Tell that an order is about to be cancelled: what it had changed is taken back."""
    announce("order_cancelled", order=order, now=now)


def _take_back(order: Order, by: Actor | None, now: datetime, today: date) -> None:
    """Credit all an order's invoices, and ask that what was paid of them be given back."""
    if order.allocated_payments().filter(credited_on=None).exists():
        raise MoneyInHand(order.number)
    found = Invoice.objects.select_for_update(of=("self",)).filter(order=order)
    for invoice in found.filter(kind=Invoice.Kind.INVOICE).order_by("-is_down_payment", "created_at"):
        with suppress(NothingCredited):  # taken back before, in part or in whole
            credit_invoice(corrects=invoice, reason=_WHY, by=by, now=now, today=today)
    for note in found.filter(kind=Invoice.Kind.CREDIT_NOTE):
        refund_credit_note(note=note, reason=REASON, by=by, now=now, today=today)
