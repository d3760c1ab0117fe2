"""Take back what was ordered for a subscription and had not begun when it ended."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from agenda.actions import close_obligation, enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.invoicing.actions.credit_by_hand import tell_credit_notes
from billing.orders.actions.decrement_stock import restock
from billing.orders.models import Order, OrderLine
from billing.orders.policy.states import ENDED, ORDER
from billing.payments.actions.refund_credit_note import refund_credit_note
from billing.subscriptions.actions.credit_subscription import credit_subscription, is_alone
from billing.subscriptions.models import Subscription
from contracts.policy.clauses import keeps

PROMISED = (("LG-S5.2c", "cancellable"), ("LG-S5.1", "paid-online"), ("LG-S12", "open-access"))

_WHY = gettext_lazy("What this was for has ended before it began.")


@keeps("LG-S20.3m", "LG-S20.3e", "LG-S15")
def take_back_unbegun(*, subscription: Subscription, additions: bool, now: datetime, today: date) -> None:
    """Credit the next term that was agreed and had not begun, and give back what was paid of it.

    Nothing of it will be served, and paid later it would open anew what was ended. `additions`: what was to
    be added and never came too, where nobody's fault ended it; else it stays owed (LG-S20.3e). Call it with
    the subscription's row locked.
    """
    if subscription.renewal_order_id is not None:
        subscription.agree_renewal(None)
    begun = subscription.terms.values("order")
    renewals = _lines(subscription).filter(licences_after=None, product__option_of=None)
    renewals = renewals.exclude(order__in=begun).exclude(order=subscription.order_id)
    added = _lines(subscription).filter(licences_after__isnull=False, added_at=None)
    for order in _orders(renewals | added if additions else renewals):
        take_back_order(order=order, subscription=subscription, by=None, now=now, today=today)


def _lines(subscription: Subscription) -> QuerySet[OrderLine]:
    return OrderLine.objects.filter(contract_id=subscription.contract_id)


def _orders(lines: QuerySet[OrderLine]) -> list[Order]:
    alive = Order.objects.filter(~Q(state=Order.State.CANCELLED), pk__in=lines.values("order"))
    return list(alive.select_for_update(of=("self",)).order_by("confirmed_at"))


def take_back_order(
    *, order: Order, subscription: Subscription, by: Actor | None, now: datetime, today: date
) -> None:
    """Take back what one order asked for a subscription; the order is void where it asked nothing else."""
    told: dict[str, Any] = {"by": by, "now": now, "today": today}
    is_void = False
    if is_alone(order, subscription) and ORDER.allows("refuse", order.state):
        is_void = True
        restock(order=order, now=now)
        order.mark_cancelled("refuse", at=now, reason=ENDED)
        for clause, kind in (
            ("LG-S5.2c", "cancellable"),
            ("LG-S5.1", "paid-online"),
            ("LG-S12", "open-access"),
        ):
            close_obligation(clause, kind=kind, subject=order.pk, now=now, evidence={ENDED: True})
        facts = {"number": order.number, "reason": ENDED}
        log_action("order.cancelled", by=by, on=order, at=now, facts=facts)
        key = f"order-cancelled:{order.id}"
        enqueue_message("billing/order_cancelled", ids={"order": order.id}, now=now, key=key)
        wake_worker()
    notes = credit_subscription(order=order, subscription=subscription, reason=_WHY, **told)
    for note in notes:
        refund_credit_note(note=note, reason=ENDED, **told)
    if not is_void:  # the mail that says so brings them
        tell_credit_notes(notes, now=now)
