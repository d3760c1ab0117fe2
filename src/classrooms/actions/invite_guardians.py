"""Add guardians to a pupil and invite them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from audit.actions import write
from classrooms.models import Guardian, Guardianship, Student
from classrooms.policy.sharing import NOTHING, FamiliesSeeNothing
from classrooms.queries.annex import allowed_fields, guardians_see
from people.actions.give_role import AlreadyHeld, give_role
from people.actions.invite import AlreadyHere, invite
from people.models import Role


class GuardiansNotAllowed(Exception):
    """Raised when the tenant's annex doesn't list guardians."""


@transaction.atomic
def add_guardian(*, student: Student, email: str, tenant: Any, by: Any, now: datetime, today: date) -> Guardian:
    """Return the guardian of this address, linked to the pupil. Raises GuardiansNotAllowed."""
    if "email" not in allowed_fields(tenant, today)["guardian"]:
        raise GuardiansNotAllowed
    email = email.strip().lower()
    guardian, _ = Guardian.objects.get_or_create(email=email, defaults={"created_at": now})
    _link, is_new = Guardianship.objects.get_or_create(guardian=guardian, student=student)
    if is_new:
        write("guardian.added", by=by, on=student, at=now, about=[student.pk, guardian.pk], personal={"email": email})
    return guardian


@transaction.atomic
def remove_guardian(*, student: Student, guardian: Guardian, by: Any, now: datetime) -> None:
    """Take the pupil out of a guardian's sight; a guardian of nobody goes, unless an account is theirs."""
    Guardianship.objects.filter(student=student, guardian=guardian).delete()
    write(
        "guardian.removed",
        by=by,
        on=student,
        at=now,
        about=[student.pk, guardian.pk],
        personal={"email": guardian.email},
    )
    if guardian.person_id is None and not guardian.guardianships.exists():
        guardian.delete()


@transaction.atomic
def invite_guardians(*, guardians: Iterable[Guardian], tenant: Any, by: Any, now: datetime, today: date) -> int:
    """Return how many were invited: those who haven't joined; somebody who signs in here already is linked at once.

    Raises FamiliesSeeNothing when the record isn't open to families.
    """
    if guardians_see(tenant, today) == NOTHING:
        raise FamiliesSeeNothing
    invited = 0
    for guardian in guardians:
        if guardian.person_id is None and not _linked(guardian, by, now, tenant):
            guardian.invited_at = now
            guardian.save(update_fields=["invited_at"])
            invited += 1
    return invited


def _linked(guardian: Guardian, by: Any, now: datetime, tenant: Any) -> bool:
    """Invite; return whether the address turned out to be somebody's who is here already, and is now linked."""
    try:
        invite(email=guardian.email, role_key="guardian", by=by, now=now, language=tenant.language)
    except AlreadyHere as known:
        _link_account(guardian, known.person, by, now)
        return True
    return False


def _link_account(guardian: Guardian, person: Any, by: Any, now: datetime) -> None:
    try:
        with transaction.atomic():
            give_role(person=person, role=Role.objects.get(shipped="guardian"), by=by, now=now)
    except AlreadyHeld:
        pass
    guardian.person, guardian.joined_at = person, now
    guardian.save(update_fields=["person", "joined_at"])
    write("guardian.joined", by=by, on=guardian, at=now, about=[guardian.pk, person.pk])
