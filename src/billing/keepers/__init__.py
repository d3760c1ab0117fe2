"""What billing promises for a time, and the messages it sends."""

from billing.keepers import (
    catalogue,
    documents,
    impossible,
    mailings,
    messages,
    notes,
    online_orders,
    order_messages,
    payments,
    promises,
    shop,
    subscription_messages,
    subscriptions,
    trial_messages,
    trials,
    withdrawals,
)

__all__ = [
    "catalogue",
    "documents",
    "impossible",
    "mailings",
    "messages",
    "online_orders",
    "order_messages",
    "notes",
    "payments",
    "promises",
    "shop",
    "subscription_messages",
    "subscriptions",
    "trial_messages",
    "trials",
    "withdrawals",
]
