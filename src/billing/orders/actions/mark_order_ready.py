"""Fund an order that was paid, whose opening is now promised; make it wait again when the money left."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from agenda.actions import close_obligation, open_obligation
from agenda.loop import wake_worker
from audit.actions import log_action
from billing.invoicing.actions.settle_invoice import once_more
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import last_share
from billing.orders.actions.mark_cancellable import schedule_cancellable
from billing.orders.actions.record_checkout_step import record_payment_step, undo_payment_step
from billing.orders.models import Order
from billing.orders.policy.orders import Funds, is_sale_paid, may_open
from billing.orders.policy.states import ORDER
from billing.orders.queries.asked import asked_for
from contracts.policy.clauses import keeps

OPENS_WITHIN = timedelta(minutes=10)


@keeps("LG-S5.2d", "LG-S8")
def fund_paid(*, invoice: Invoice, now: datetime, today: date) -> None:
    """Fund the order that waits for an invoice, once all it asks is paid by funds that may open it."""
    order = Order.objects.select_for_update(of=("self",)).filter(invoices=invoice).first()
    share = last_share(invoice)
    payment = share.payment if share else None
    if order is not None and order.state in (Order.State.FULFILLED, Order.State.READY):
        if order.ownership_on is None and payment is not None and is_paid(order):
            _note_ownership(order, payment.credited_on or today, now)
        return
    if order is None or not ORDER.allows("ready", order.state) or payment is None:
        return
    funds = Funds(payment.method, payment.received_on, payment.credited_on, payment.proof_on)
    if may_open(funds, today=today) and is_paid(order):
        mark_order_ready(order=order, on=payment.credited_on or today, now=now)


@keeps("LG-S5.2d")
def ready_unless_owed(*, invoice: Invoice, now: datetime, today: date) -> None:
    """Let the order of an invoice that asks nothing open: there is no money to wait for."""
    order = Order.objects.select_for_update(of=("self",)).filter(invoices=invoice).first()
    if order is not None and ORDER.allows("ready", order.state) and is_paid(order):
        mark_order_ready(order=order, on=today, now=now)


@keeps("LG-S5.2d")
def open_on_specific_terms(*, order: Order, now: datetime, today: date) -> None:
    """Let an order open before its money is there, where specific terms were signed with it."""
    opens = may_open(Funds(order.method), today=today, specific_terms_signed=order.has_specific_terms)
    if opens and ORDER.allows("ready", order.state):
        mark_order_ready(order=order, on=None, now=now)


@keeps("LG-S5.2d", "LG-S14.3")
def mark_order_ready(*, order: Order, on: date | None, now: datetime) -> None:
    """Keep that nothing more is asked before a waiting order opens; its opening is now promised.

    `on` is the day it was paid in full; None where it is tried first and paid at the trial's end, or opens on
    specific terms.
    """
    order.mark_ready(on=on)
    record_payment_step(order=order, now=now)
    close_obligation(
        "LG-S5.2c", kind="cancellable", subject=order.id, now=now, evidence={"paid": on is not None}
    )
    facts = {"number": order.number}
    log_action(_verb(order, on), by=None, on=order, at=now, facts=facts)
    if order.held_at is None:
        schedule_opening(order, now=now)


def _verb(order: Order, on: date | None) -> str:
    if on is not None:
        return "order.funded"
    return "order.opens_on_terms" if order.has_specific_terms else "order.tried"


def schedule_opening(order: Order, *, now: datetime) -> None:
    """Promise to open what a funded order sold."""
    open_obligation(
        "LG-S12",
        kind="open-access",
        subject=order.id,
        due_at=now + OPENS_WITHIN,
        run_at=now,
        now=now,
        occurrence=once_more("LG-S12", "open-access", order.id),
    )
    wake_worker()


def mark_awaiting_payment(*, invoice: Invoice, now: datetime, because: Mapping[str, str]) -> None:
    """Make an order that was about to open wait for its money again.

    One that is open stays so until it is suspended (LG-S19); what it sold is the client's no more (LG-S8).
    """
    order = Order.objects.select_for_update(of=("self",)).filter(invoices=invoice).first()
    if order is not None and order.state == Order.State.FULFILLED and order.ownership_on:
        _note_ownership(order, None, now)
    if order is not None and order.state == Order.State.READY and not order.has_specific_terms:
        wait_for_money_again(order, "unready", now=now, because=because)


def wait_for_money_again(order: Order, act: str, *, now: datetime, because: Mapping[str, str]) -> None:
    """Make an order wait for its money, by an act of the table; its day to be cancelled is promised again."""
    order.mark_awaiting_payment(act)
    undo_payment_step(order=order)
    close_obligation("LG-S12", kind="open-access", subject=order.id, now=now, evidence=dict(because))
    schedule_cancellable(order=order, now=now)
    wake_worker()


def _note_ownership(order: Order, on: date | None, now: datetime) -> None:
    order.mark_owned(on=on)
    facts = {"number": order.number, "on": str(on) if on else ""}
    log_action("order.ownership", by=None, on=order, at=now, facts=facts)


def is_paid(order: Order) -> bool:
    """Return whether all the order asks was asked and paid, and is still sold."""
    return is_sale_paid(asked_for(order))
