"""What is promised for a time, and the messages that leave."""

from billing.subscriptions.keepers import (
    catalogue,
    renewal_messages,
    subscription_messages,
    subscriptions,
    trial_messages,
    workspace_messages,
)

__all__ = [
    "catalogue",
    "renewal_messages",
    "subscription_messages",
    "subscriptions",
    "trial_messages",
    "workspace_messages",
]
