"""What is promised for a time, and the messages that leave."""

from billing.returns.keepers import impossible, returns, withdrawals

__all__ = ["impossible", "returns", "withdrawals"]
