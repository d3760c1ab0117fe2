"""Credit what was added to a trial that becomes no term, and give back what was paid of it."""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy

from audit.policy.actor import Actor
from billing.invoicing.actions.credit_by_hand import tell_credit_notes
from billing.invoicing.actions.credit_order import credit_order
from billing.invoicing.models import Invoice
from billing.invoicing.policy.credit import NothingCredited, net_of_discounts
from billing.invoicing.queries.credits import left_of, lines_left
from billing.orders.actions.cancel_order import MoneyInHand, NotCancellable, cancel_order
from billing.orders.models import Order
from billing.payments.actions.refund_credit_note import refund_credit_note
from billing.subscriptions.models import Subscription
from billing.subscriptions.queries.subscriptions import orders_of
from contracts.policy.clauses import keeps

REASON = "trial"

TOO_LATE = "term"  # of an order: what it added to is over

_WHY = gettext_lazy("Trial stopped: nothing is charged.")


@keeps("LG-S14.3")
def give_back_additions(
    *, subscription: Subscription, by: Actor | None, now: datetime, today: date
) -> list[Invoice]:
    """Return the credit notes of all later orders of a subscription whose trial was stopped.

    What was paid of them is given back; what waits for its money is cancelled.
    """
    notes: list[Invoice] = []
    details: dict[str, Any] = {"by": by, "now": now, "today": today}
    for order in orders_of(subscription).exclude(pk=subscription.order_id).order_by("confirmed_at"):
        if not _cancelled(order, subscription, details):
            notes += _credited(order, subscription, details)
    for note in notes:
        refund_credit_note(note=note, reason=REASON, **details)
    tell_credit_notes(notes, now=now)
    return notes


def _cancelled(order: Order, subscription: Subscription, details: dict[str, Any]) -> bool:
    """Return whether an order that waits, for this subscription alone, is cancelled now."""
    if order.lines.exclude(contract_id=subscription.contract_id).filter(product__isnull=False).exists():
        return False
    with suppress(NotCancellable, MoneyInHand):
        cancel_order(order_id=order.pk, reason=TOO_LATE, lapsed=True, **details)
        return True
    return False


def _credited(order: Order, subscription: Subscription, details: dict[str, Any]) -> list[Invoice]:
    """Return the credit notes of what an order asked for this subscription."""
    mine = order.lines.filter(contract_id=subscription.contract_id)
    positions = set(mine.values_list("position", flat=True))
    rows = Invoice.objects.filter(order=order, kind=Invoice.Kind.INVOICE, is_down_payment=False)
    notes: list[Invoice] = []
    for invoice in rows.order_by("created_at"):
        left = {line.position: cents for line, cents in left_of(invoice) if line.position in positions}
        with suppress(NothingCredited):
            amounts = net_of_discounts(left, lines_left(invoice))
            notes += credit_order(corrects=invoice, amounts=amounts, reason=_WHY, **details)
    return notes
