"""What is promised for a time, and the messages that leave."""

from billing.payments.keepers import payments

__all__ = ["payments"]
