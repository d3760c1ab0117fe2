"""Credit what was added to a trial that becomes no term, and give back what was paid of it."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy

from audit.policy.actor import Actor
from billing.invoicing.actions.credit_by_hand import tell_credit_notes
from billing.invoicing.models import Invoice
from billing.orders.actions.cancel_order import MoneyInHand, NotCancellable, cancel_order
from billing.orders.models import Order
from billing.payments.actions.refund_credit_note import refund_credit_note
from billing.subscriptions.actions.credit_subscription import credit_subscription, is_alone
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
    details: dict[str, Any] = {"by": by, "now": now, "today": today}
    left = [
        order
        for order in orders_of(subscription).exclude(pk=subscription.order_id).order_by("confirmed_at")
        if not _cancelled(order, subscription, details)
    ]
    return _given_back(left, subscription, details)


@keeps("LG-S14.3")
def give_back_untried(
    *, subscription: Subscription, by: Actor | None, now: datetime, today: date
) -> list[Invoice]:
    """Return the credit notes of what a trial's own order was invoiced for a subscription that ended with it:
    something else of the order goes on. What was paid of it is given back.
    """
    order = Order.objects.get(pk=subscription.order_id)
    return _given_back([order], subscription, {"by": by, "now": now, "today": today})


def _given_back(
    orders: Iterable[Order], subscription: Subscription, details: dict[str, Any]
) -> list[Invoice]:
    """Return the credit notes of what these orders asked for it, paid back and told."""
    notes = [
        note
        for order in orders
        for note in credit_subscription(order=order, subscription=subscription, reason=_WHY, **details)
    ]
    for note in notes:
        refund_credit_note(note=note, reason=REASON, **details)
    tell_credit_notes(notes, now=details["now"])
    return notes


def _cancelled(order: Order, subscription: Subscription, details: dict[str, Any]) -> bool:
    """Return whether an order that waits, for this subscription alone, is cancelled now."""
    if not is_alone(order, subscription):
        return False
    with suppress(NotCancellable, MoneyInHand):
        cancel_order(order_id=order.pk, reason=TOO_LATE, lapsed=True, **details)
        return True
    return False
