"""What is promised for a time, and the messages that leave."""

from billing.quotes.keepers import administrators, messages, quotes

__all__ = ["administrators", "messages", "quotes"]
