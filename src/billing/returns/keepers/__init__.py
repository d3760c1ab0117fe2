"""What is promised for a time, and the messages that leave."""

from billing.returns.keepers import returns, withdrawals
from billing.returns.keepers import unavailable as impossible

__all__ = ["impossible", "returns", "withdrawals"]
