"""What is promised for a time, and the messages that leave."""

from billing.invoicing.keepers import documents

__all__ = ["documents"]
