"""The invented world."""

from datetime import datetime
from collections.abc import Callable


def seed(*, now: datetime, say: Callable[[str], object]) -> None:
    """Seed."""
