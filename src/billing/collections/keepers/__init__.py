"""What is promised for a time, and the messages that leave."""

from billing.collections.keepers import claim_messages, late

__all__ = ["claim_messages", "late"]
