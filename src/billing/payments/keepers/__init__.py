"""What is promised for a time, and the messages that leave."""

from billing.payments.keepers import credit_notes, payments

__all__ = ["credit_notes", "payments"]
