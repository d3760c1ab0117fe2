"""Take pupils out of everyone's sight while their deletion can still be undone, or bring them back."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from classrooms.models import Student


def hide_students(*, student_ids: Collection[UUID], now: datetime) -> int:
    """Return how many pupils nobody sees any more from now on."""
    return Student._base_manager.filter(pk__in=student_ids, hidden_at=None).update(hidden_at=now)


def show_students(*, student_ids: Collection[UUID]) -> int:
    """Return how many pupils are seen again as before."""
    return Student._base_manager.filter(pk__in=student_ids).exclude(hidden_at=None).update(hidden_at=None)
