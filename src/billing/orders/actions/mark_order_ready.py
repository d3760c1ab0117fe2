"""Fund an order that was paid, whose opening is now promised; make it wait again when the money left."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from agenda.actions import close_obligation, open_obligation
from agenda.loop import wake_worker
from audit.actions import log_action
from billing.invoicing.actions.settle_invoice import once_more
from billing.invoicing.models import Allocation, Invoice
from billing.invoicing.queries.balances import last_share
from billing.money.policy.days import paris_day
from billing.orders.actions.mark_cancellable import schedule_cancellable
from billing.orders.actions.record_checkout_step import record_payment_step, undo_payment_step
from billing.orders.models import Order
from billing.orders.policy.orders import Funds, is_sale_paid, is_sale_taken_back, may_open, owned_from
from billing.orders.policy.states import ORDER
from billing.orders.queries.asked import asked_for
from billing.payments.models import Payment
from billing.registry import ask
from contracts.policy.clauses import keeps

OPENS_WITHIN = timedelta(minutes=10)


@keeps("LG-S5.2d", "LG-S8")
def fund_paid(*, invoice: Invoice, now: datetime, today: date) -> None:
    """Fund the order that waits for an invoice, once all it asks is paid by funds that may open it."""
    order = Order.objects.select_for_update(of=("self",)).filter(invoices=invoice).first()
    payment = _last_payment(order) if order else None
    if order is None or payment is None or not is_paid(order):
        return
    if order.state in (Order.State.FULFILLED, Order.State.READY):
        _bring_ownership(order, now)
        return
    funds = Funds(payment.method, payment.received_on, payment.credited_on, payment.proof_on)
    if ORDER.allows("ready", order.state) and may_open(funds, today=today):
        mark_order_ready(order=order, on=credited_in_full_on(order), now=now, verb="order.funded")


def _last_payment(order: Order) -> Payment | None:
    """Return the last payment of an order's invoices; None where credit notes alone settle them."""
    shares = [share for each in order.invoices.invoices() if (share := last_share(each))]
    last = max(
        shares,
        key=lambda share: (str(share.payment and share.payment.credited_on), share.allocated_at),
        default=None,
    )
    return last.payment if last else None


@keeps("LG-S5.2d")
def ready_unless_owed(*, invoice: Invoice, now: datetime, today: date) -> None:
    """Let the order of an invoice that asks nothing open: there is no money to wait for."""
    order = Order.objects.select_for_update(of=("self",)).filter(invoices=invoice).first()
    if order is not None and ORDER.allows("ready", order.state) and is_paid(order):
        mark_order_ready(order=order, on=today, now=now, verb="order.funded")


@keeps("LG-S5.2d")
def open_on_specific_terms(*, order: Order, now: datetime, today: date) -> None:
    """Let an order open before its money is there, where specific terms were signed with it."""
    opens = may_open(Funds(order.method), today=today, specific_terms_signed=order.has_specific_terms)
    if opens and ORDER.allows("ready", order.state):
        mark_order_ready(order=order, on=None, now=now, verb="order.opens_on_terms")


@keeps("LG-S5.2d", "LG-S14.3")
def mark_order_ready(*, order: Order, on: date | None, now: datetime, verb: str) -> None:
    """Keep that nothing more is asked before a waiting order opens; its opening is now promised.

    `on` is the day all its money was there; None where it opens before that: tried first, on specific terms,
    or on the proof of a transfer. `verb` says which in the trail.
    """
    order.mark_ready(on=on)
    record_payment_step(order=order, now=now)
    close_obligation(
        "LG-S5.2c", kind="cancellable", subject=order.id, now=now, evidence={"paid": verb == "order.funded"}
    )
    facts = {"number": order.number}
    log_action(verb, by=None, on=order, at=now, facts=facts)
    if order.held_at is None:
        schedule_opening(order, now=now)


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
    """Make an order wait for its money again that was about to open, or of which nothing has left or begun.

    One that serves its client stays open until it is suspended (LG-S19); what it sold is theirs no more
    (LG-S8).
    """
    order = Order.objects.select_for_update(of=("self",)).filter(invoices=invoice).first()
    if order is None:
        return
    _bring_ownership(order, now)
    if order.has_specific_terms:
        return
    if order.state == Order.State.READY:
        wait_for_money_again(order, "unready", now=now, because=because)
    elif order.state == Order.State.FULFILLED and _may_wait_again(order):
        wait_for_money_again(order, "unopen", now=now, because=because)


def _may_wait_again(order: Order) -> bool:
    """Return whether an open order is sold still, unpaid, and all of it is here."""
    asked = asked_for(order)
    return not is_sale_paid(asked) and not is_sale_taken_back(asked) and not ask("order_served", order)


def wait_for_money_again(order: Order, act: str, *, now: datetime, because: Mapping[str, str]) -> None:
    """Make an order wait for its money, by an act of the table; its day to be cancelled is promised again."""
    order.mark_awaiting_payment(act)
    undo_payment_step(order=order)
    close_obligation("LG-S12", kind="open-access", subject=order.id, now=now, evidence=dict(because))
    schedule_cancellable(order=order, now=now)
    wake_worker()


@keeps("LG-S8")
def credited_in_full_on(order: Order) -> date | None:
    """Return the day on which nothing was left to pay of an order; None while some of it is only proved."""
    asked = []
    for invoice in Invoice.objects.filter(order=order, kind=Invoice.Kind.INVOICE):
        shares = Allocation.objects.active().filter(invoice=invoice).select_related("payment", "credit_note")
        asked.append((invoice.gross_cents, [(_there_on(share), share.amount_cents) for share in shares]))
    return owned_from(order.confirmed_on, asked)


def _there_on(share: Allocation) -> date | None:
    """Return the day from which a share pays: the credit of its money, or the day it was put there later."""
    put_on = paris_day(share.allocated_at)
    if share.payment is None:
        return share.credit_note.issued_on if share.credit_note else put_on
    if share.payment.credited_on is None or paris_day(share.payment.created_at) == put_on:
        return share.payment.credited_on
    return max(share.payment.credited_on, put_on)


def _bring_ownership(order: Order, now: datetime) -> None:
    """Keep since when what an order sold is its client's: all its money is there (LG-S8)."""
    on = credited_in_full_on(order) if is_paid(order) else None
    if on == order.ownership_on:
        return
    order.mark_owned(on=on)
    facts = {"number": order.number, "on": str(on) if on else ""}
    log_action("order.ownership", by=None, on=order, at=now, facts=facts)


def is_paid(order: Order) -> bool:
    """Return whether all the order asks was asked and paid, and is still sold."""
    return is_sale_paid(asked_for(order))
