"""Write, verify, and sign what stands."""

from audit.actions.anchor import anchor_head
from audit.actions.log_action import log_action
from audit.actions.verify import verify

__all__ = ["anchor_head", "log_action", "verify"]
