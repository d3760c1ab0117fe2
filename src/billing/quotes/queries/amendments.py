"""What an amendment adds, and to which term."""

from __future__ import annotations

from billing.orders.models import Order, OrderLine
from billing.subscriptions.models import Subscription
from billing.subscriptions.policy.amendment import is_of_this_term


def is_line_of_this_term(line: OrderLine, order: Order) -> bool:
    """Return whether what a line adds was signed for the term that runs: money that leaves takes it away."""
    subscription = Subscription.objects.filter(contract=line.contract_id).first()
    if subscription is None:
        return True
    over = subscription.terms.filter(position__lt=subscription.term.position)
    return is_of_this_term(
        signed_on=order.confirmed_on,
        earlier_ends=over.values_list("ends_on", flat=True),
        ended_on=subscription.ended_on,
    )
