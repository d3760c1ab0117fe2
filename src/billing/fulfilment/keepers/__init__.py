"""What is promised for a time, and the messages that leave."""

from billing.fulfilment.keepers import shop

__all__ = ["shop"]
