"""What may be done with an order that waits while its client owes something else."""

from datetime import date

from billing.collections.policy.suspension import blocks_orders
from billing.collections.queries.overdue import overdue_cents
from billing.orders.models import Order
from contracts.policy.clauses import keeps

PENDING = frozenset({Order.State.AWAITING_PAYMENT, Order.State.READY})


@keeps("LG-S6.3x")
def may_be_stopped(order: Order, *, today: date) -> bool:
    """Return whether a pending order may be put on hold or cancelled at once.

    Its client owes something overdue. Paid, it is taken back by a refusal, which gives its money back.
    """
    return order.state in PENDING and is_overdue(order, today=today)


def is_overdue(order: Order, *, today: date) -> bool:
    """Return whether the client of an order owes something overdue today."""
    return blocks_orders([overdue_cents(order.customer_id, today)], is_disputed=False) == "overdue"
