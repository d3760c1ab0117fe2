"""What billing promises for a time, and the messages it sends."""

from billing.keepers import (
    catalogue,
    documents,
    messages,
    online_orders,
    order_messages,
    payments,
    promises,
    shop,
    subscription_messages,
    subscriptions,
)

__all__ = [
    "catalogue",
    "documents",
    "messages",
    "online_orders",
    "order_messages",
    "payments",
    "promises",
    "shop",
    "subscription_messages",
    "subscriptions",
]
