"""What is promised for a time, and the messages that leave."""

from billing.desk.keepers import contacts, mailings, notes

__all__ = ["contacts", "mailings", "notes"]
