"""How a subscription's price is shown."""

from __future__ import annotations

from billing.catalogue.policy.prices import ShownPrice, shown
from billing.orders.models import OrderLine
from billing.subscriptions.models import Subscription


def subscription_shown(subscription: Subscription, cents: int) -> ShownPrice:
    """Return an amount of a subscription as its client reads it, at the VAT of the order its term goes back
    to.
    """
    sold = subscription.term.order.lines.filter(product=subscription.product_id).first()
    rate = sold.vat_rate if sold else None
    return shown(
        cents, rate, consumer=subscription.order.is_consumer_protected, gross_cents=_gross(sold, cents)
    )


def _gross(sold: OrderLine | None, cents: int) -> int | None:
    """Return so many times the price with VAT one was sold at, None where it isn't that price."""
    if sold is None or sold.unit_gross_cents is None or sold.unit_net_cents <= 0:
        return None
    times, rest = divmod(cents, sold.unit_net_cents)
    return None if rest else times * sold.unit_gross_cents
