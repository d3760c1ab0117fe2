"""Draw the consequences of money that arrived, or left again: promises, the order, its opening."""

from datetime import date, datetime, timedelta
from uuid import UUID

from agenda.actions import owe, settle
from agenda.loop import kick
from agenda.models import Obligation
from audit.actions import write
from billing.actions.conclude_online import note_payment, take_payment_back
from billing.actions.dispatch_document import note_paid
from billing.actions.issue_invoice import LATE_CLAUSE, owe_overdue
from billing.actions.suspend import lift_paid
from billing.models import Invoice, Order, Payment
from billing.policy.days import within_day
from billing.policy.orders import Funds, may_open
from billing.queries.balances import balance_of, falls_due_on, with_balance
from contracts.policy.clauses import keeps

OPENS_WITHIN = timedelta(minutes=10)


def settle_invoices(*, payment: Payment, now: datetime, today: date) -> None:
    """Settle each invoice this payment pays and that has nothing left to pay."""
    for row in payment.allocations.standing().select_related("invoice__order"):
        if balance_of(row.invoice_id) <= 0:
            settle_invoice(invoice=row.invoice, payment=payment, now=now, today=today)


@keeps("LG-S5.2d", "LG-S8")
def settle_invoice(*, invoice: Invoice, payment: Payment, now: datetime, today: date) -> None:
    """Close what was promised about an unpaid invoice; fund its order, whose opening is now promised.

    Killed after this commit, the opening is found again by the agenda.
    """
    settle(LATE_CLAUSE[invoice.regime], kind="overdue", subject=invoice.id, now=now, evidence={"paid": True})
    _stop_pressing(invoice, now)
    order = Order.objects.select_for_update(of=("self",)).filter(invoices=invoice).first()
    note_paid(invoice=invoice, now=now)
    if (
        order is None
        or order.state != Order.State.WAITING
        or not _may_open(payment, today)
        or not _is_paid(order)
    ):
        return
    fund_order(order=order, on=payment.credited_on or today, now=now)


@keeps("LG-S5.2d", "LG-S14.3")
def fund_order(*, order: Order, on: date | None, now: datetime) -> None:
    """Keep that nothing more is asked before a waiting order opens; its opening is now promised.

    `on` is the day it was paid in full; None where it is tried first and paid at the trial's end.
    """
    order.mark_funded(on=on)
    note_payment(order=order, now=now)
    settle("LG-S5.2c", kind="cancellable", subject=order.id, now=now, evidence={"paid": True})
    owe(
        "LG-S12",
        kind="open-access",
        subject=order.id,
        due_at=now + OPENS_WITHIN,
        run_at=now,
        now=now,
        occurrence=_again("LG-S12", "open-access", order.id),
    )
    write("order.funded" if on else "order.tried", by=None, on=order, at=now, facts={"number": order.number})
    kick()


def _stop_pressing(invoice: Invoice, now: datetime) -> None:
    """Drop what was promised to press for the money, and give access back at once (LG-S19)."""
    for clause, kind in ((LATE_CLAUSE[invoice.regime], "reminder"), ("LG-S19", "suspension-notice")):
        settle(clause, kind=kind, subject=invoice.id, now=now, evidence={"paid": True})
    lift_paid(invoice=invoice, now=now)


def _is_paid(order: Order) -> bool:
    """Return whether all the order asks was asked and paid: a deposit alone opens nothing."""
    asked = list(with_balance(Invoice.objects.filter(order=order, kind=Invoice.Kind.INVOICE)))
    return any(not each.is_deposit for each in asked) and all(each.balance_cents <= 0 for each in asked)


def _may_open(payment: Payment, today: date) -> bool:
    funds = Funds(payment.method, payment.received_on, payment.credited_on, payment.proof_on)
    return may_open(funds, today=today)


def reopen_invoice(*, invoice: Invoice, now: datetime, because: dict[str, str]) -> None:
    """Make what waits for an invoice's money wait again; does nothing while it is paid.

    An order that was about to open goes back to waiting; one that is open stays so until it is suspended
    (LG-S19).
    """
    if balance_of(invoice.id) <= 0:
        return
    clause = LATE_CLAUSE[invoice.regime]
    if not Obligation.objects.waiting().filter(clause=clause, kind="overdue", subject_id=invoice.id).exists():
        again = _again(clause, "overdue", invoice.id)
        owe_overdue(invoice, due_on=falls_due_on(invoice), now=now, occurrence=again)
    order = (
        Order.objects.select_for_update(of=("self",))
        .filter(invoices=invoice, state=Order.State.FUNDED)
        .first()
    )
    if order is None:
        return
    order.wait_again()
    take_payment_back(order=order)
    settle("LG-S12", kind="open-access", subject=order.id, now=now, evidence=dict(because))
    span = within_day(order.cancellable_on, now=now)
    again = _again("LG-S5.2c", "cancellable", order.id)
    owe("LG-S5.2c", kind="cancellable", subject=order.id, **span, now=now, occurrence=again)
    kick()


def _again(clause: str, kind: str, subject: UUID) -> str:
    """Return a name for promising the same once more: money may come, leave and come again."""
    return f"time {Obligation.objects.filter(clause=clause, kind=kind, subject_id=subject).count() + 1}"
