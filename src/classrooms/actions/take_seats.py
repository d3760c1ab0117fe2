"""Take licences for pupils who become active, and count who is."""

from datetime import date, datetime
from uuid import UUID

from classrooms.gateways.rows import hold_seats
from classrooms.models import Student
from classrooms.policy.licences import seats_left
from classrooms.queries.seats import seats
from tenants.models import SeatCount, Tenant


def take_seats(*, adding: int, tenant: Tenant, today: date, household_id: UUID | None = None) -> int:
    """Return how many licences are left once `adding` more pupils are active.

    Nobody else takes one meanwhile.

    Where many families share a tenant, each has the licences of its own contract. Raises LicencesUsedUp.
    """
    hold_seats()
    now = seats(tenant, today, household_id=household_id)
    return seats_left(bought=now.bought, active=now.active, adding=adding)


def count_seats(*, tenant: Tenant, now: datetime, household_id: UUID | None = None) -> SeatCount:
    """Return the number of active pupils, of one household or of the whole, for the apps that may not see
    pupils.
    """
    active = Student.objects.active().of_household(household_id).count()
    return SeatCount.objects.create(
        tenant_id=tenant.pk, sub_tenant_id=household_id, counted_at=now, active=active
    )
