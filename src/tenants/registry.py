"""What rooms above add to a tenant's life."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

Opening = Callable[[Any, datetime], None]
CircleMaker = Callable[[UUID, str, datetime], UUID]
_OPENINGS: list[Opening] = []
_CIRCLE_MAKERS: list[CircleMaker] = []


def on_opening(seed: Opening) -> Opening:
    """Register what a new tenant starts with: called as `seed(tenant, now)` inside it, in the opening transaction."""
    if seed not in _OPENINGS:
        _OPENINGS.append(seed)
    return seed


def openings() -> list[Opening]:
    """Return the seeds in the order of the rooms."""
    return list(_OPENINGS)


def on_circle(make: CircleMaker) -> CircleMaker:
    """Register what makes a circle in a shared tenant: called as `make(circle_id, email, now)` inside it.

    It invites the address to administer the circle and returns the circle's id: the one given, or that of the circle
    which the address administers already.
    """
    _CIRCLE_MAKERS[:] = [make]
    return make


def circle_maker() -> CircleMaker:
    """Return what makes circles."""
    return _CIRCLE_MAKERS[0]
