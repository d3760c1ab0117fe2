"""What billing promises for a time, and the messages it sends."""

from billing.keepers import (
    catalogue,
    documents,
    messages,
    payments,
    promises,
    shop,
    subscription_messages,
    subscriptions,
    withdrawals,
)

__all__ = [
    "catalogue",
    "documents",
    "messages",
    "payments",
    "promises",
    "shop",
    "subscription_messages",
    "subscriptions",
    "withdrawals",
]
