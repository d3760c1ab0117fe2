"""How a subscription's price is shown."""

from __future__ import annotations

from billing.catalogue.policy.prices import ShownPrice, shown
from billing.subscriptions.models import Subscription


def subscription_shown(subscription: Subscription, cents: int) -> ShownPrice:
    """Return an amount of a subscription as its client reads it, at the VAT of the order its term goes back
    to.
    """
    sold = subscription.term.order.lines.filter(product=subscription.product_id).first()
    rate = sold.vat_rate if sold else None
    return shown(cents, rate, consumer=subscription.order.is_consumer_protected)
