"""Destroy what is left of a household of a shared tenant.

Its people, all that is held of them, and the household.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from classrooms.models import Guardian, Household, Student
from contracts.policy.clauses import keeps
from dpa.actions.erase_person import erase_person
from dpa.models import Erasure
from isolation.context import inside
from tenants.actions.change_sub_tenant import change_sub_tenant
from tenants.models import SubTenant, Tenant

REASON = "kept as long as promised"


@transaction.atomic
@keeps("LG-S21.2")
def erase_household(*, sub_tenant_id: UUID, now: datetime) -> bool:
    """Do the next step and return whether another remains.

    Rows with the ledger's line, then files with the evidence.

    One that was opened again meanwhile stays, as do all others. As the operator.
    """
    circle = SubTenant.objects.select_for_update().get(pk=sub_tenant_id)
    if circle.state != Tenant.State.ENDED:
        return False
    with inside(circle.tenant_id):
        _ask(circle, now)
        if erase_person(deletion_id=circle.pk, now=now):
            return True
        Household.objects.filter(pk=circle.pk).delete()
    change_sub_tenant(sub_tenant_id=circle.pk, state=Tenant.State.ERASED, reason=REASON, now=now)
    return False


def _ask(circle: SubTenant, now: datetime) -> None:
    """Make the deletion, once: it has the household's own number, so that a restore and its replay find it
    again.
    """
    defaults = {
        "kind": Erasure.Kind.FAMILY,
        "origin": Erasure.Origin.RETENTION,
        "state": Erasure.State.REQUESTED,
        "subjects": sorted(_members(circle.pk)),
        "requested_at": circle.ended_at or now,
        "decided_at": now,
        "due_at": now,
    }
    Erasure.objects.get_or_create(pk=circle.pk, defaults=defaults)


def _members(household_id: UUID) -> Collection[UUID]:
    children = Student._base_manager.filter(household_id=household_id).values_list("pk", "person_id")
    guardians = Guardian.objects.filter(household_id=household_id).values_list("pk", "person_id")
    return {pk for pair in (*children, *guardians) for pk in pair if pk}
