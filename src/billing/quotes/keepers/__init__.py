"""What is promised for a time, and the messages that leave."""

from billing.quotes.keepers import messages, quotes

__all__ = ["messages", "quotes"]
