"""What is promised for a time, and the messages that leave."""

from billing.desk.keepers import mailings, notes

__all__ = ["mailings", "notes"]
