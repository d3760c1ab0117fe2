"""What rooms above add to a tenant's life."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

Opening = Callable[[Any, datetime], None]
_OPENINGS: list[Opening] = []


def on_opening(seed: Opening) -> Opening:
    """Register what a new tenant starts with: called as `seed(tenant, now)` inside it, in the opening transaction."""
    if seed not in _OPENINGS:
        _OPENINGS.append(seed)
    return seed


def openings() -> list[Opening]:
    """Return the seeds in the order of the rooms."""
    return list(_OPENINGS)
