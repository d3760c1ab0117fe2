"""Write, verify and forget."""

from audit.actions.forget import forget
from audit.actions.log_action import log_action
from audit.actions.verify import verify

__all__ = ["forget", "log_action", "verify"]
