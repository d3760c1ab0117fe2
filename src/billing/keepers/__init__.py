"""What billing promises for a time, and the messages it sends."""

from billing.keepers import messages, promises

__all__ = ["messages", "promises"]
