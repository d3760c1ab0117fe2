"""What returns answer."""

from datetime import date

from billing.orders.models import Order
from billing.registry import answers
from billing.returns.queries.withdrawals import may_withdraw


@answers("may_withdraw")
def what_can_be_withdrawn_from(order: Order, *, on: date) -> bool:
    """Return whether something of an order can be withdrawn from on a day."""
    return may_withdraw(order, on=on)
