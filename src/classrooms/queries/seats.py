"""Licences: how many profiles are active, how many were bought."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from classrooms.models import Student
from tenants.queries import licences


@dataclass(frozen=True, slots=True)
class Seats:
    """Active profiles against licences."""

    active: int
    bought: int

    @property
    def left(self) -> int:
        """Return how many licences are free."""
        return max(0, self.bought - self.active)


def seats(tenant: Any, on: date) -> Seats:
    """Return the active pupils and the licences of the contracts running on a day."""
    return Seats(Student.objects.active().count(), licences(tenant, on))
