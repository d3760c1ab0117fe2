"""What is promised for a time, and the messages that leave."""

from billing.orders.keepers import online_orders, order_messages, payment_messages, promises

__all__ = ["online_orders", "order_messages", "payment_messages", "promises"]
