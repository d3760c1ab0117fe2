"""What is promised for a time, and the messages that leave."""

from billing.customers.keepers import mail, sent

__all__ = ["mail", "sent"]
