"""Add a child to a family's household."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from classrooms.actions.save_student import add_student
from classrooms.models import Guardianship, Household, Student
from contracts.policy.clauses import keeps
from people.models import Person
from tenants.models import Tenant


@transaction.atomic
@keeps("LG-U3.1f", "LG-S12l")
def add_child(
    *, fields: Mapping[str, Any], household: Household, tenant: Tenant, by: Person, now: datetime, today: date
) -> Student:
    """Return the new child of a household, which all who run it look after; it takes one of its own licences.

    Raises LicencesUsedUp.
    """
    child = add_student(
        fields=fields, class_id=None, household_id=household.pk, tenant=tenant, by=by, now=now, today=today
    )
    Guardianship.objects.bulk_create(
        Guardianship(guardian=guardian, student=child) for guardian in household.guardians.all()
    )
    return child
