"""What is promised for a time, and the messages that leave."""

from billing.accounting.keepers import books

__all__ = ["books"]
