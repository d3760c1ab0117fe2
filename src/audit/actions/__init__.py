"""Write, verify and forget."""

from audit.actions.forget import forget
from audit.actions.verify import verify
from audit.actions.write import write

__all__ = ["forget", "verify", "write"]
