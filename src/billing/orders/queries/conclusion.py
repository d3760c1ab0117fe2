"""When an order was concluded."""

from datetime import date

from billing.money.policy.days import paris_day
from billing.orders.models import CheckoutSteps, Order
from contracts.policy.clauses import keeps


@keeps("LG-S5.1", "LG-S22")
def concluded_on(order: Order) -> date | None:
    """Return the day an order was concluded, None while one placed online waits for its
    confirmation to leave.

    An order that was signed is concluded by its signature.
    """
    steps = CheckoutSteps.objects.filter(order=order).first()
    if steps is None:
        return order.confirmed_on
    return paris_day(steps.confirmed_at) if steps.confirmed_at else None
