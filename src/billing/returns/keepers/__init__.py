"""What is promised for a time, and the messages that leave."""

from billing.returns.keepers import returns, unavailable, withdrawals

__all__ = ["returns", "unavailable", "withdrawals"]
