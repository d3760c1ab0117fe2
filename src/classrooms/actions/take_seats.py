"""Take licences for pupils who become active, and count who is."""

from datetime import date, datetime
from typing import Any

from classrooms.gateways.rows import hold_seats
from classrooms.models import Student
from classrooms.policy.licences import seats_left
from classrooms.queries.seats import seats
from tenants.models import SeatCount


def take_seats(*, adding: int, tenant: Any, today: date) -> int:
    """Return how many licences are left once `adding` more pupils are active; nobody else takes one meanwhile.

    Raises LicencesUsedUp.
    """
    hold_seats()
    now = seats(tenant, today)
    return seats_left(bought=now.bought, active=now.active, adding=adding)


def count_seats(*, tenant: Any, now: datetime) -> SeatCount:
    """Return the number of active pupils, written down for the rooms that may not see pupils."""
    return SeatCount.objects.create(tenant_id=tenant.pk, counted_at=now, active=Student.objects.active().count())
