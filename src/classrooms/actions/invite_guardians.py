"""Add guardians to a pupil and invite them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from audit.actions import log_action
from classrooms.actions.cancel_invitations import cancel_invitations_without_child
from classrooms.actions.remember_removals import forget_removals, remember_link
from classrooms.actions.save_student import locked_student
from classrooms.models import Guardian, Guardianship, Student
from classrooms.policy.sharing import NOTHING, FamiliesSeeNothing
from classrooms.queries.annex import allowed_fields, guardians_see
from classrooms.queries.removals import removal_of_guardian
from classrooms.registry import leaving
from people.actions.deactivate_person import BeingDeleted
from people.actions.give_role import AlreadyHeld, give_role
from people.actions.invite import invite
from people.models import Person, Role
from people.queries import address_is_proved
from tenants.models import Tenant


class GuardiansNotAllowed(Exception):
    """Raised when the tenant's annex doesn't list guardians."""


@transaction.atomic
def add_guardian(
    *, student: Student, email: str, tenant: Tenant, by: Person, now: datetime, today: date
) -> Guardian:
    """Return the guardian of this address, linked to the pupil, whatever was remembered of a removal.

    Raises GuardiansNotAllowed, BeingDeleted.
    """
    if "email" not in allowed_fields(tenant, today)["guardian"]:
        raise GuardiansNotAllowed
    email = email.strip().lower()
    locked_student(student)
    guardian, _ = Guardian.objects.get_or_create(email=email, defaults={"created_at": now})
    if leaving([guardian.pk]):
        raise BeingDeleted(guardian.pk, guardian.email)
    _link, is_new = Guardianship.objects.get_or_create(guardian=guardian, student=student)
    if is_new:
        if removed := removal_of_guardian(student=student, email=email, today=today):
            forget_removals(removed.digests)
        log_action(
            "guardian.added",
            by=by,
            on=student,
            at=now,
            about=[student.pk, guardian.pk],
            personal={"email": email},
        )
    return guardian


@transaction.atomic
def remove_guardian(*, student: Student, guardian: Guardian, by: Person, now: datetime, today: date) -> None:
    """Take the pupil out of a guardian's sight, and take back what invited them for nobody else.

    A guardian of nobody goes; one with an account, in the night. It is remembered, for an import to ask.
    """
    Guardianship.objects.filter(student=student, guardian=guardian).delete()
    log_action(
        "guardian.removed",
        by=by,
        on=student,
        at=now,
        about=[student.pk, guardian.pk],
        personal={"email": guardian.email},
    )
    remember_link(student=student, guardian=guardian, today=today)
    cancel_invitations_without_child([guardian], by=by, now=now)
    if guardian.person_id is None and not guardian.guardianships.exists():
        guardian.delete()


@transaction.atomic
def invite_guardians(
    *, guardians: Iterable[Guardian], tenant: Tenant, by: Person, now: datetime, today: date
) -> int:
    """Return how many were invited or linked: those who haven't joined. An account that is closed stays out,
    and so does who is being deleted.

    Somebody who signs in here already is linked at once when their address is proved to be theirs; otherwise
    the link goes to the address, and who opens it signs in to accept. Raises FamiliesSeeNothing, CannotGive.
    """
    if guardians_see(tenant, today) == NOTHING:
        raise FamiliesSeeNothing
    details: dict[str, Any] = {"by": by, "now": now}
    waiting = [guardian for guardian in guardians if guardian.person_id is None]
    gone = leaving([guardian.pk for guardian in waiting])
    waiting = [guardian for guardian in waiting if guardian.pk not in gone]
    return sum(_reached(guardian, tenant.language, **details) for guardian in waiting)


def _reached(guardian: Guardian, language: str, *, by: Person, now: datetime) -> bool:
    person = Person.objects.filter(email=guardian.email.lower()).first()
    if person is not None and not person.is_active:
        return False
    if person is not None and address_is_proved(person):
        _link_account(guardian, person, by, now)
        return True
    known = person.pk if person else None
    invite(email=guardian.email, role_key="guardian", person_id=known, by=by, now=now, language=language)
    guardian.invited_at = now
    guardian.save(update_fields=["invited_at"])
    return True


def _link_account(guardian: Guardian, person: Person, by: Person, now: datetime) -> None:
    try:
        with transaction.atomic():
            give_role(person=person, role=Role.objects.get(shipped="guardian"), by=by, now=now)
    except AlreadyHeld:
        pass
    guardian.person = person
    guardian.joined_at = now
    guardian.save(update_fields=["person", "joined_at"])
    log_action("guardian.joined", by=by, on=guardian, at=now, about=[guardian.pk, person.pk])
