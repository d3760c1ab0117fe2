"""What a subscription's page asks of returns."""

from datetime import date

from billing.orders.models import Order
from billing.registry import ask


def may_withdraw(order: Order, *, on: date) -> bool:
    """Return whether something of an order can be withdrawn from on a day."""
    return bool(ask("may_withdraw", order, on=on))
