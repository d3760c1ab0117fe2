"""Draw the consequences of money that arrived: promises closed, the order funded, its opening promised."""

from datetime import date, datetime, timedelta

from agenda.actions import owe, settle
from agenda.loop import kick
from audit.actions import write
from billing.actions.issue_invoice import LATE_CLAUSE
from billing.models import Invoice, Order, Payment
from billing.policy.orders import Funds, may_open
from billing.queries.balances import balance_of

OPENS_WITHIN = timedelta(minutes=10)


def settle_invoices(*, payment: Payment, now: datetime, today: date) -> None:
    """Settle each invoice this payment pays and that has nothing left to pay."""
    for row in payment.allocations.standing().select_related("invoice__order"):
        if balance_of(row.invoice_id) <= 0:
            settle_invoice(invoice=row.invoice, payment=payment, now=now, today=today)


def settle_invoice(*, invoice: Invoice, payment: Payment, now: datetime, today: date) -> None:
    """Close what was promised about an unpaid invoice; fund its order, whose opening is now promised.

    Killed after this commit, the opening is found again by the agenda. Clauses: LG-S5.2d, LG-S8
    """
    settle(LATE_CLAUSE[invoice.regime], kind="overdue", subject=invoice.id, now=now, evidence={"paid": True})
    order = Order.objects.select_for_update().filter(invoices=invoice).first()
    if order is None or order.state != Order.State.WAITING or not _may_open(payment, today):
        return
    order.mark_funded(on=payment.credited_on or today)
    settle("LG-S5.2c", kind="cancellable", subject=order.id, now=now, evidence={"paid": True})
    owe("LG-S12", kind="open-access", subject=order.id, due_at=now + OPENS_WITHIN, run_at=now, now=now,
        occurrence=str(payment.id))  # fmt: skip
    write("order.funded", by=None, on=order, at=now, facts={"number": order.number})
    kick()


def _may_open(payment: Payment, today: date) -> bool:
    funds = Funds(payment.method, payment.received_on, payment.credited_on, payment.proof_on)
    return may_open(funds, today=today)
