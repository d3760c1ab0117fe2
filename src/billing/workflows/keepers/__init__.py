"""What is promised for a time, and the messages that leave."""

from billing.workflows.keepers import messages, online, orders, terms

__all__ = ["messages", "online", "orders", "terms"]
