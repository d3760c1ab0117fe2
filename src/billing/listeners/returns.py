"""What returns answer."""

from datetime import date

from billing.models import Order
from billing.queries.withdrawals import may_withdraw
from billing.registry import answers


@answers("may_withdraw")
def what_can_be_withdrawn_from(order: Order, *, on: date) -> bool:
    """Return whether something of an order can be withdrawn from on a day."""
    return may_withdraw(order, on=on)
