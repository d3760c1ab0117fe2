"""Plan the parcel of an order that is paid, send it, and follow it into the client's hands."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from agenda.actions import close_obligation, enqueue_message, open_obligation
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.catalogue.policy.dispatch import LEAVES_AT, dispatch_days
from billing.catalogue.queries.storefront import leaves_when_funded, next_dispatch
from billing.collections.queries.overdue import overdue_cents
from billing.fulfilment.actions.refund_undelivered import refund_undelivered
from billing.fulfilment.models import Delivery
from billing.fulfilment.policy.delivery import is_withheld, late_delivery_refund_by, passing, promised_day
from billing.fulfilment.policy.states import DELIVERY
from billing.fulfilment.queries.deliveries import asked_about, unfunded_by_order
from billing.money.gateways.holidays import house_holidays
from billing.money.models import NumberSeries
from billing.money.policy.days import PARIS, day_starts_at, paris_day, within_day
from billing.money.policy.numbering import document_number
from billing.orders.actions.decrement_stock import restock, things_of
from billing.orders.models import Order
from billing.registry import announce
from contracts.gateways.operator_calendar import operator_closures
from contracts.policy.clauses import keeps


class Withheld(Exception):
    """Raised when the client has something overdue: the parcel stays here (LG-S6.3x)."""

    def __init__(self, cents: int) -> None:
        super().__init__(f"{cents} cents overdue")
        self.cents = cents


class AwaitsAnswer(Exception):
    """Raised while its buyer is asked about an equivalent: it leaves with their answer (LG-S10.1)."""


class ReasonNeeded(Exception):
    """Raised when a parcel leaves on another day than planned and nobody says why (LG-S7)."""


class NotPlanned(Exception):
    """Raised when the parcel left already, or was cancelled."""


class NotSent(Exception):
    """Raised when a parcel that didn't leave would arrive."""


@transaction.atomic
@keeps("LG-S7", "LG-S7c")
def plan_delivery(*, order: Order, now: datetime, today: date) -> Delivery | None:
    """Return the delivery of a paid order, on the next dispatch day; None when it ships nothing.

    Once however often it is called. Promises to see to it on that day, and by the date shown to a consumer.
    """
    if not things_of(order):
        return None
    known = Delivery.objects.filter(order=order).first()
    if known is not None:
        return known
    rank = NumberSeries.objects.take("delivery", today.year)
    leaves_on, because = leaves_when_funded(order.leaves_on, now)
    waited = _waited_for_money(order, now)
    delivery = Delivery.objects.create(
        order=order,
        number=document_number("delivery", year=today.year, rank=rank),
        leaves_on=leaves_on,
        announced_on=order.leaves_on,
        moved_because=because,
        promised_on=promised_day(
            confirmed_on=order.confirmed_on,
            leaves_on=leaves_on,
            agreed_on=order.deliver_by,
            client_days=waited,
        ),
        client_days=waited,
        created_at=now,
    )
    _promise(delivery, now)
    _promise_delivered(delivery, now)
    facts = {"number": delivery.number, "order": order.number, "leaves_on": str(delivery.leaves_on)}
    log_action("delivery.planned", by=None, on=delivery, at=now, facts=facts)
    return delivery


def _waited_for_money(order: Order, now: datetime) -> int:
    """Return by how many days an order leaves later than shown because its money came later."""
    funded_at = now
    if order.ownership_on is not None and order.ownership_on < paris_day(now):
        funded_at = day_starts_at(order.ownership_on)
    leaves_on, because = leaves_when_funded(order.leaves_on, funded_at)
    return (leaves_on - order.leaves_on).days if order.leaves_on and because == "paid_later" else 0


def _promise_delivered(delivery: Delivery, now: datetime) -> None:
    """Promise that it is in the client's hands by the day promised; of the days promised the last counts."""
    close_obligation(
        "LG-S7c", kind="delivered", subject=delivery.id, now=now, evidence={"waits_for": "client"}
    )
    late = within_day(delivery.promised_on + timedelta(days=1), now=now)
    open_obligation(
        "LG-S7c",
        kind="delivered",
        subject=delivery.id,
        **late,
        now=now,
        occurrence=str(delivery.promised_on) if delivery.client_days else "",
    )


def days_ahead(today: date, count: int = 6) -> list[date]:
    """Return the next dispatch days: Tuesdays and Thursdays on which we work (LG-S7)."""
    return dispatch_days(today, count, holidays=house_holidays(today), closed=operator_closures())


def _promise(delivery: Delivery, now: datetime) -> None:
    leaves_at = datetime.combine(delivery.leaves_on, LEAVES_AT, PARIS)
    open_obligation(
        "LG-S7",
        kind="dispatch",
        subject=delivery.id,
        due_at=leaves_at + timedelta(hours=2),
        run_at=leaves_at,
        now=now,
        occurrence=str(delivery.leaves_on),
    )


@transaction.atomic
@keeps("LG-S7", "LG-S6.3x")
def see_to_dispatch(*, delivery_id: UUID, now: datetime, today: date) -> dict[str, Any]:
    """Return what became of a parcel at 16:00 of its day; one that stayed here goes to the next dispatch
    day.
    """
    delivery = Delivery.objects.select_for_update().select_related("order").get(pk=delivery_id)
    if delivery.state != Delivery.State.PLANNED:
        return {"sent": delivery.shipped_at is not None}
    withheld = _owed_cents(delivery, today) > 0
    tomorrow = datetime.combine(today + timedelta(days=1), time.min, PARIS)
    before = delivery.leaves_on
    delivery.move_to(next_dispatch(tomorrow), because=_why_here(delivery, withheld=withheld))
    _promise(delivery, now)
    if withheld:
        _wait_for_client(delivery, (delivery.leaves_on - max(before, today)).days, now)
    facts = {"number": delivery.number, "leaves_on": str(delivery.leaves_on), "withheld": withheld}
    log_action("delivery.moved", by=None, on=delivery, at=now, facts=facts)
    return {"sent": False, "withheld": withheld, "leaves_on": str(delivery.leaves_on)}


@keeps("LG-S7c")
def _wait_for_client(delivery: Delivery, days: int, now: datetime) -> None:
    """Promise it later by the days for which something overdue keeps it here."""
    promised_on = promised_day(
        confirmed_on=delivery.order.confirmed_on,
        leaves_on=delivery.leaves_on,
        agreed_on=delivery.order.deliver_by,
        client_days=delivery.client_days + days,
    )
    is_later = promised_on != delivery.promised_on
    delivery.wait_for_client(days=days, promised_on=promised_on)
    if is_later:
        _promise_delivered(delivery, now)


def _why_here(delivery: Delivery, *, withheld: bool) -> str:
    """Return the code of why a parcel didn't leave on its day."""
    if withheld:
        return "withheld"
    return "awaits_answer" if asked_about([delivery.order_id]) else "not_ready"


def _owed_cents(delivery: Delivery, today: date) -> int:
    """Return what keeps a parcel here, in cents: what is overdue, or what its order isn't paid any more."""
    overdue = overdue_cents(delivery.order.customer_id, today)
    unfunded = unfunded_by_order([delivery.order_id]).get(delivery.order_id, 0)
    held = is_withheld(overdue_cents=overdue, unfunded_cents=unfunded)
    return max(overdue, unfunded) if held else 0


@transaction.atomic
@keeps("LG-S7", "LG-S6.3x", "LG-S5.2d", "LG-S10.1")
def ship(
    *,
    delivery_id: UUID,
    carrier: str,
    tracking: str,
    by: Actor | None,
    now: datetime,
    today: date,
    reason: str = "",
) -> Delivery:
    """Return the delivery, sent; the buyer is told.

    On another day than planned `reason` says why, to them too. Raises NotPlanned, Withheld, AwaitsAnswer,
    ReasonNeeded.
    """
    delivery = Delivery.objects.select_for_update().select_related("order").get(pk=delivery_id)
    _check_may_leave(delivery, today)
    planned_on = delivery.leaves_on
    if today != planned_on and not reason.strip():
        raise ReasonNeeded(delivery.number)
    words = reason.strip() if today != planned_on else ""
    delivery.mark_shipped(at=now, on=today, carrier=carrier, tracking=tracking, words=words)
    announce("parcel_shipped", order=delivery.order, now=now)
    close_obligation(
        "LG-S7",
        kind="dispatch",
        subject=delivery.id,
        now=now,
        occurrence=str(planned_on),
        state="kept",
        evidence={"sent": True},
    )
    log_action(
        "delivery.shipped", by=by, on=delivery, at=now, facts={"number": delivery.number, "carrier": carrier}
    )
    enqueue_message(
        "billing/parcel_sent", ids={"delivery": delivery.id}, now=now, key=f"parcel-sent:{delivery.id}"
    )
    wake_worker()
    return delivery


def _check_may_leave(delivery: Delivery, today: date) -> None:
    """Raise NotPlanned, Withheld or AwaitsAnswer where a parcel stays here today."""
    is_void = delivery.order.state == Order.State.CANCELLED
    if is_void or not DELIVERY.allows("ship", delivery.state):
        raise NotPlanned(delivery.number)
    if owed := _owed_cents(delivery, today):
        raise Withheld(owed)
    if asked_about([delivery.order_id]):
        raise AwaitsAnswer(delivery.number)


@transaction.atomic
@keeps("LG-S7c", "LG-S8")
def arrive(*, delivery_id: UUID, on: date, by: Actor | None, now: datetime) -> Delivery:
    """Return the delivery, in the client's hands from a day on; risk passes to a consumer that day.

    Raises NotSent.
    """
    delivery = Delivery.objects.select_for_update().select_related("order__customer").get(pk=delivery_id)
    if not DELIVERY.allows("arrive", delivery.state):
        raise NotSent(delivery.number)
    delivery.mark_delivered(on=on)
    order = delivery.order
    days = passing(
        consumer_protected=order.is_consumer_protected,
        concluded_on=order.confirmed_on,
        paid_in_full_on=order.ownership_on,
        possessed_on=on,
    )
    order.risk_on = days.risk_on
    order.save(update_fields=["risk_on"])
    close_obligation(
        "LG-S7c",
        kind="delivered",
        subject=delivery.id,
        now=now,
        state="kept",
        evidence={"delivered_on": str(on)},
    )
    log_action(
        "delivery.arrived", by=by, on=delivery, at=now, facts={"number": delivery.number, "on": str(on)}
    )
    return delivery


@transaction.atomic
def note_notice(*, delivery_id: UUID, on: date, by: Actor, now: datetime) -> Delivery:
    """Return the delivery, with the day of the consumer's formal notice to deliver.

    Raises NotSent once delivered.
    """
    delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
    if delivery.state in {Delivery.State.DELIVERED, Delivery.State.CANCELLED}:
        raise NotSent(delivery.number)
    delivery.notice_on = on
    delivery.save(update_fields=["notice_on"])
    log_action(
        "delivery.notice_received",
        by=by,
        on=delivery,
        at=now,
        facts={"number": delivery.number, "on": str(on)},
    )
    return delivery


@transaction.atomic
@keeps("LG-S7c")
def cancel_for_late_delivery(*, delivery_id: UUID, by: Actor, now: datetime, today: date) -> date:
    """Return by when a consumer is refunded who ended the sale because nothing came.

    What never left goes back on the shelves; what was paid for it is credited and asked back now, and
    promised within 14 days. Raises NotYet, NotSent once it was ended.
    """
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("order__customer")
    delivery = rows.get(pk=delivery_id)
    refund_by = late_delivery_refund_by(
        consumer_protected=delivery.order.is_consumer_protected,
        indicated_on=delivery.indicated_on,
        notice_on=delivery.notice_on,
        delivered_on=delivery.delivered_on,
        today=today,
    )
    if not DELIVERY.allows("end", delivery.state):
        raise NotSent(delivery.number)
    if delivery.shipped_at is None:
        restock(order=delivery.order, now=now)
    close_obligation(
        "LG-S7", kind="dispatch", subject=delivery.id, now=now, occurrence=str(delivery.leaves_on)
    )
    close_obligation("LG-S7c", kind="delivered", subject=delivery.id, now=now)
    delivery.mark_cancelled(on=today)
    refund_undelivered(order=delivery.order, by=by, now=now, today=today)
    open_obligation(
        "LG-S7c",
        kind="refund",
        subject=delivery.id,
        run_at=now,
        due_at=day_starts_at(refund_by + timedelta(days=1)),
        now=now,
    )
    log_action(
        "delivery.ended",
        by=by,
        on=delivery,
        at=now,
        facts={"number": delivery.number, "refund_by": str(refund_by)},
    )
    return refund_by
