"""Confirm that something of a validated order can't be had any more, and ask its buyer about an
equivalent.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from agenda.actions import enqueue_message, open_obligation
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.catalogue.actions.move_stock import NotThatMany, move_stock
from billing.catalogue.models import Product, StockMove
from billing.catalogue.policy.shelves import answer_by
from billing.fulfilment.models import Delivery
from billing.fulfilment.policy.delivery import refund_when_unavailable
from billing.money.policy.days import day_starts_at
from billing.orders.models import Order, OrderLine, UnavailableLine
from billing.returns.actions.refund_unavailable import refund_unavailable
from billing.returns.queries.unavailable import missing_lines, substitutes
from contracts.policy.clauses import keeps

SOON = timedelta(hours=1)


class StillAvailable(Exception):
    """Raised when it can't be said of this.

    `code` is "cancelled", "shipped", "nothing", "equivalent" or "gone".
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class UnavailableItem:
    """How many of a line can't be had, since when that is certain, and what is proposed instead."""

    position: int
    quantity: int
    confirmed_on: date
    substitute: UUID | None = None


@transaction.atomic
@keeps("LG-S10.1")
def confirm_unavailable(
    *, order_id: UUID, missing: UnavailableItem, by: Actor, now: datetime, today: date
) -> UnavailableLine:
    """Return what is kept of it: the buyer is asked about the equivalent, which is put aside, or is paid back
    at once.

    All of it is owed within 30 days unless they agree. Raises StillAvailable.
    """
    order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
    line = _line(order, missing)
    product, cents = _substitute(line, missing, order, now, today)
    gone = UnavailableLine.objects.create(
        line=line,
        quantity=missing.quantity,
        confirmed_on=missing.confirmed_on,
        substitute=product,
        unit_net_cents=cents,
        answer_by=max(answer_by(missing.confirmed_on), today + timedelta(days=1)),
        refund_by=refund_when_unavailable(missing.confirmed_on),
        state=UnavailableLine.State.ASKED if product else UnavailableLine.State.REFUNDED,
        created_at=now,
    )
    facts = {
        "number": order.number,
        "line": line.description,
        "quantity": gone.quantity,
        "confirmed_on": str(gone.confirmed_on),
        "equivalent": product.key if product else "",
    }
    log_action("impossible.confirmed", by=by, on=order, at=now, facts=facts)
    look_at = day_starts_at(gone.answer_by + timedelta(days=1)) if product else now + SOON
    open_obligation(
        "LG-S10.1",
        kind="refund",
        subject=gone.pk,
        due_at=day_starts_at(gone.refund_by + timedelta(days=1)),
        now=now,
        run_at=look_at,
    )
    if product is None:
        refund_unavailable(impossible_id=gone.pk, by=by, now=now, today=today)
    else:
        enqueue_message(
            "billing/impossible_asked",
            ids={"impossible": gone.pk},
            now=now,
            key=f"impossible-asked:{gone.pk}",
        )
        wake_worker()
    return gone


def _line(order: Order, missing: UnavailableItem) -> OrderLine:
    if order.state == Order.State.CANCELLED:
        raise StillAvailable("cancelled")
    if Delivery.objects.filter(order=order).exclude(state=Delivery.State.PLANNED).exists():
        raise StillAvailable("shipped")
    line = next((each for each in missing_lines(order) if each.position == missing.position), None)
    if line is None or not 0 < missing.quantity <= line.to_ship:
        raise StillAvailable("nothing")
    return line


def _substitute(
    line: OrderLine, missing: UnavailableItem, order: Order, now: datetime, today: date
) -> tuple[Product | None, int | None]:
    """Return what is proposed and its price, put aside until the buyer answers."""
    if missing.substitute is None:
        return None, None
    known = substitutes(line, on=today).get(missing.substitute)
    if known is None:
        raise StillAvailable("equivalent")
    product, cents = known
    if product.stock is not None:
        try:
            move_stock(
                product=product,
                quantity=-missing.quantity,
                why=StockMove.Reason.SUBSTITUTED,
                order_id=order.pk,
                by=None,
                now=now,
            )
        except NotThatMany:
            raise StillAvailable("gone") from None
    return product, cents
