"""What is promised for a time, and the messages that leave."""

from billing.collections.keepers import late

__all__ = ["late"]
