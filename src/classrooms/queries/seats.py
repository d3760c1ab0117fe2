"""Licences: how many profiles are active, how many were bought."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from classrooms.models import Student
from tenants.models import Tenant
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


def seats(tenant: Tenant, on: date, *, household_id: UUID | None = None) -> Seats:
    """Return the active pupils and the licences of the contracts running on a day.

    A household's are its own.
    """
    active = Student.objects.active().of_household(household_id).count()
    return Seats(active, licences(tenant, on, sub_tenant_id=household_id))
