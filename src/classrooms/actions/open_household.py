"""Open a household in a tenant that many families share, and invite the parent who runs it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from classrooms.models import Guardian, Household
from contracts.policy.clauses import keeps
from people.actions.give_role import AlreadyHeld, give_role
from people.actions.invite import AlreadyHere, invite
from people.models import Person, Role

ROLE = "parent"


@transaction.atomic
@keeps("LG-S12", "LG-U3.1f")
def open_household(sub_tenant_id: UUID, email: str, now: datetime) -> UUID:
    """Return the household of this address: the one it has already, else this one, which it now runs.

    Its role reaches the household's own children and nobody else's: a household that another address runs, or
    that has children, is not this one's whoever pays; it gets one of its own. Inside the tenant.
    """
    email = email.strip().lower()
    guardian, _made = Guardian.objects.get_or_create(email=email, defaults={"created_at": now})
    household_id = guardian.household_id or _settle(guardian, sub_tenant_id, now)
    if guardian.person_id is None:
        _let_in(guardian, now)
    return household_id


def _settle(guardian: Guardian, household_id: UUID, now: datetime) -> UUID:
    household, _made = Household.objects.get_or_create(pk=household_id, defaults={"created_at": now})
    if household.guardians.exists() or household.children.exists():
        household = Household.objects.create(created_at=now)
    guardian.household = household
    guardian.invited_at = now
    guardian.save(update_fields=["household", "invited_at"])
    return household.pk


def _let_in(guardian: Guardian, now: datetime) -> None:
    """Invite a parent to choose a password; one who signs in here already is given the role at once."""
    try:
        with transaction.atomic():
            invite(email=guardian.email, role_key=ROLE, by=None, now=now)
    except AlreadyHere as known:
        _link(guardian, known.person, now)


def _link(guardian: Guardian, person: Person, now: datetime) -> None:
    try:
        with transaction.atomic():
            give_role(person=person, role=Role.objects.get(shipped=ROLE), by=None, now=now)
    except AlreadyHeld:
        pass  # they ran a household here before
    guardian.person = person
    guardian.joined_at = now
    guardian.save(update_fields=["person", "joined_at"])
