"""Credit and pay back what can't be had, when its buyer wants no equivalent, was offered none or didn't
answer.
"""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.catalogue.actions.move_stock import move_stock
from billing.catalogue.models import StockMove
from billing.invoicing.models import Invoice
from billing.orders.models import Order, UnavailableLine, UnavailableLineCredit
from billing.orders.policy.states import UNAVAILABLE_LINE
from billing.payments.actions.refund_credit_note import refund_credit_note
from billing.returns.actions.cancel_emptied_order import cancel_emptied_order
from billing.returns.actions.credit_order_changes import credit_order_changes, is_fully_refunded
from contracts.policy.clauses import keeps

REASON = "impossible"

_WHY = gettext_lazy("Article that can’t be had any more.")


class AnsweredAlready(Exception):
    """Raised when the buyer has answered, or their time was over."""


@transaction.atomic
@keeps("LG-S10.1")
def refund_unavailable(
    *, impossible_id: UUID, by: Actor | None, now: datetime, today: date, answered_on: date | None = None
) -> list[Invoice]:
    """Return the credit notes of it, its price and the delivery when nothing else ships.

    The money is asked for at once.

    `answered_on` is the day the buyer declined, None without an answer. The equivalent put aside goes back on
    the shelves. Raises AnsweredAlready once they agreed.
    """
    gone = (
        UnavailableLine.objects.select_for_update(of=("self",))
        .select_related("line__order", "substitute")
        .get(pk=impossible_id)
    )
    order = gone.line.order
    act = "decline" if answered_on else "refund"
    if not UNAVAILABLE_LINE.allows(act, gone.state):
        raise AnsweredAlready(gone.state)
    if gone.state == UnavailableLine.State.ASKED and order.state != Order.State.CANCELLED:
        _restock_substitute(gone, order, by, now)
    gone.end(act, answered_on=answered_on)
    if order.state != Order.State.CANCELLED:
        cancel_emptied_order(order=order, reason=REASON, now=now)
    notes = credit_unavailable(gone=gone, by=by, now=now, today=today)
    facts = {"number": order.number, "quantity": gone.quantity, "declined": answered_on is not None}
    log_action("impossible.refunded", by=by, on=order, at=now, facts=facts)
    enqueue_message(
        "billing/impossible_ended", ids={"impossible": gone.pk}, now=now, key=f"impossible-ended:{gone.pk}"
    )
    wake_worker()
    return notes


def _restock_substitute(gone: UnavailableLine, order: Order, by: Actor | None, now: datetime) -> None:
    if gone.substitute is not None and gone.substitute.stock is not None:
        move_stock(
            product=gone.substitute,
            quantity=gone.quantity,
            why=StockMove.Reason.SUBSTITUTED,
            order_id=order.pk,
            by=by,
            now=now,
        )


@transaction.atomic
def credit_unavailable(
    *, gone: UnavailableLine, by: Actor | None, now: datetime, today: date
) -> list[Invoice]:
    """Return the credit notes issued now; what they owe is asked to be given back, as often as wanted never
    twice.
    """
    order = Order.objects.select_for_update(of=("self",)).get(pk=gone.line.order_id)
    notes = credit_order_changes(order=order, reason=_WHY, by=by, now=now, today=today)
    for note in notes:
        UnavailableLineCredit.objects.create(unavailable_line=gone, note=note)
    for credit in gone.credits.select_related("note"):
        refund_credit_note(note=credit.note, reason=REASON, by=by, now=now, today=today)
    return notes


def is_paid_back(gone: UnavailableLine) -> bool:
    """Return whether nothing of it is left to be paid back."""
    notes = [credit.note for credit in gone.credits.select_related("note")]
    return is_fully_refunded(gone.line.order, notes, reason=REASON)
