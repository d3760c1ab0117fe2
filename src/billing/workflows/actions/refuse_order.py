"""Take back an order that was placed: refused for a reason, or sold at a manifestly wrong price."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from agenda.actions import close_obligation
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.fulfilment.actions.cancel_delivery import cancel_delivery
from billing.fulfilment.models import Delivery
from billing.invoicing.actions.credit_invoice import credit_invoice
from billing.invoicing.models import Invoice
from billing.invoicing.policy.credit import NothingCredited
from billing.orders.actions.cancel_order import MoneyInHand
from billing.orders.actions.decrement_stock import restock
from billing.orders.actions.record_checkout_step import steps_of
from billing.orders.actions.refuse_cart import tell_refusal
from billing.orders.models import CheckoutSteps, Order, Refusal
from billing.orders.policy.online_order import ABNORMAL, DISPUTED, FRAUD, OVERDUE, PRICE_ERROR, may_be_refused
from billing.orders.policy.price_error import NotTold, cancel_for_price_error
from billing.orders.policy.states import ORDER
from billing.payments.actions.refund_credit_note import refund_credit_note
from billing.subscriptions.actions.end_subscription import end_subscription
from billing.subscriptions.models import Subscription
from contracts.policy.clauses import keeps

REASONS = (FRAUD, OVERDUE, DISPUTED, ABNORMAL, PRICE_ERROR)


class NotRefusable(Exception):
    """Raised when an order can't be taken back.

    "cancelled" or "shipped" already, or "concluded" and priced right.
    """


@dataclass(frozen=True, slots=True)
class Because:
    """Why an order is taken back, in a word and in words to the client.

    Of a wrong price, what it should have cost.
    """

    reason: str
    words: str
    right_net_cents: int | None = None


@transaction.atomic
@keeps("LG-S5.1r", "LG-S6.1e")
def refuse_order(*, order_id: UUID, because: Because, by: Actor, now: datetime, today: date) -> Refusal:
    """Return the refusal of a placed order.

    Invoices are credited, what was paid is given back, nothing stays open.

    The reason is recorded and told by mail. Once concluded an order is taken back for a manifest price error
    only. Raises NotRefusable, MoneyInHand while money is on its way, NotTold, NoError.
    """
    order = Order.objects.select_for_update(of=("self",)).select_related("contact").get(pk=order_id)
    _check(order, because)
    paid = _give_back(order, because, by, now, today)
    _check_price(order, because, paid)
    for subscription in Subscription.objects.select_for_update().filter(order=order, ended_on=None):
        end_subscription(subscription=subscription, on=today, reason=because.reason, now=now)
    restock(order=order, now=now)
    cancel_delivery(order=order, because={"cancelled": order.number}, now=now)
    order.mark_cancelled("refuse", at=now, reason=because.words)
    _drop_promises(order, now)
    refusal = Refusal.objects.create(
        order=order,
        contact=order.contact,
        reason=because.reason,
        words=because.words,
        language=order.language,
        right_net_cents=because.right_net_cents,
        refused_at=now,
        refused_on=today,
        refused_by=getattr(by, "id", None),
    )
    facts = {"number": order.number, "reason": because.reason, "refunded_cents": paid}
    log_action("order.taken_back", by=by, on=order, at=now, facts=facts, personal={"words": because.words})
    tell_refusal(refusal, now=now)
    return refusal


def _check(order: Order, because: Because) -> None:
    if because.reason not in REASONS:
        raise ValueError(f"no such reason: {because.reason!r}")
    if not because.words.strip():
        raise NotTold
    if not ORDER.allows("refuse", order.state):
        raise NotRefusable(order.state)
    steps = CheckoutSteps.objects.filter(order=order).first()
    if because.reason != PRICE_ERROR and not may_be_refused(steps_of(steps) if steps else None):
        raise NotRefusable("concluded")
    if Delivery.objects.filter(
        order=order, state__in=(Delivery.State.SHIPPED, Delivery.State.DELIVERED)
    ).exists():
        raise NotRefusable("shipped")


def _check_price(order: Order, because: Because, paid: int) -> None:
    if because.reason == PRICE_ERROR:
        cancel_for_price_error(
            asked_cents=order.net_cents,
            right_cents=because.right_net_cents or 0,
            told=because.words,
            paid_cents=paid,
        )


def _give_back(order: Order, because: Because, by: Actor, now: datetime, today: date) -> int:
    """Return what is given back of the order's money, in cents: its invoices are credited, deposits first."""
    if order.allocated_payments().filter(credited_on=None).exists():
        raise MoneyInHand(order.number)
    details: dict[str, Any] = {"by": by, "now": now, "today": today}
    found = (
        Invoice.objects.select_for_update(of=("self",))
        .filter(order=order)
        .order_by("-is_down_payment", "created_at")
    )
    for invoice in found.filter(kind=Invoice.Kind.INVOICE):
        with suppress(NothingCredited):
            credit_invoice(corrects=invoice, reason=because.words, **details)
    notes = found.filter(kind=Invoice.Kind.CREDIT_NOTE)
    return sum(
        back.amount_cents
        for note in notes
        for back in refund_credit_note(note=note, reason=because.reason, **details)
    )


def _drop_promises(order: Order, now: datetime) -> None:
    for clause, kind in (
        ("LG-S5.1", "paid-online"),
        ("LG-S5.2c", "cancellable"),
        ("LG-S12", "open-access"),
        ("LG-S5.1", "confirmation-sent"),
    ):
        close_obligation(clause, kind=kind, subject=order.pk, now=now, evidence={"cancelled": order.number})
