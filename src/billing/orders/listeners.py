"""What an order does about what it hears of its invoice."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from billing.invoicing.models import Invoice
from billing.money.policy.days import paris_day
from billing.orders.actions.change_method import drop_fee_without_cheque, pay_online_instead
from billing.orders.actions.hold_order import resume_orders
from billing.orders.actions.mark_order_ready import fund_paid, mark_awaiting_payment
from billing.orders.actions.postpone_order import ask_the_rest, postpone_order
from billing.registry import answers, listens


@listens("invoice_paid")
def its_order_may_open(*, invoice: Invoice, now: datetime, today: date) -> None:
    """Fund the order that waits for the invoice."""
    fund_paid(invoice=invoice, now=now, today=today)
    drop_fee_without_cheque(invoice=invoice, now=now)


@listens("invoice_paid")
def what_is_left_of_it_is_asked(*, invoice: Invoice, now: datetime, today: date) -> None:
    """Issue the invoice of what is left once a deposit is there."""
    ask_the_rest(invoice=invoice, now=now, today=today)


@listens("debt_moved")
def its_client_may_owe_nothing_more(*, customer_id: UUID, now: datetime) -> None:
    """Let the orders of a client that are on hold go on once nothing is overdue."""
    resume_orders(customer_id=customer_id, now=now, today=paris_day(now))


@listens("invoice_credited")
def its_order_opens_not(*, invoice: Invoice, now: datetime) -> None:
    """Make an order that was about to open wait: what it sold was taken back, or was never paid.

    Where a deposit pays for all that is left of it, it opens.
    """
    mark_awaiting_payment(invoice=invoice, now=now, because={"credited": str(invoice.pk)})
    fund_paid(invoice=invoice, now=now, today=paris_day(now))


@listens("invoice_unpaid_again")
def its_order_waits_again(*, invoice: Invoice, now: datetime, because: Mapping[str, str]) -> None:
    """Make an order that was about to open wait."""
    mark_awaiting_payment(invoice=invoice, now=now, because=because)
    drop_fee_without_cheque(invoice=invoice, now=now)


@listens("invoice_deferred")
def its_order_waits_longer(*, invoice: Invoice, until: date, now: datetime) -> None:
    """Put off the day the order can be cancelled."""
    postpone_order(invoice=invoice, until=until, now=now)


@answers("paid_online_instead")
def no_cheque_will_come(order_id: UUID, *, now: datetime) -> None:
    """Take the fee for a cheque off an order whose client begins to pay online."""
    pay_online_instead(order_id=order_id, now=now)
