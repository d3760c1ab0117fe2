"""What billing promises for a time, and the messages it sends."""

from billing.keepers import documents, messages, promises

__all__ = ["documents", "messages", "promises"]
