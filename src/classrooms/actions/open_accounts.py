"""Open accounts for pupils, and give them cards to sign in with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from audit.actions import log_action
from classrooms.actions.inform_guardians import check_informed
from classrooms.actions.save_student import locked_student
from classrooms.models import AccountDeclaration, Student
from classrooms.policy.declaration import declared
from people.actions.accept_terms import accept_terms
from people.actions.create_person import create_person
from people.actions.deactivate_person import reactivate_person
from people.actions.give_role import give_role
from people.gateways.passwords import new_passphrase
from people.models import Person, Role
from people.queries import terms_in_force_here
from tenants.models import Tenant


class HasLeft(Exception):
    """Raised when an account is wanted for a pupil who has left."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a pupil needs to sign in; the passphrase exists on this card only."""

    name: str
    username: str
    passphrase: str


@transaction.atomic
def open_account(
    *, student: Student, declaration: str, tenant: Tenant, by: Person, now: datetime, today: date
) -> Person:
    """Return the pupil's account, made if there was none; it has no password until a card is printed.

    `declaration` is the version of the text in which who opens it declared majority and authority; it is kept
    with who and when, and so are the terms they accept for the pupil. An account that was closed is
    open again. Raises GuardiansNotInformed, NotDeclared, HasLeft, CannotGive, BeingDeleted. A pupil takes a
    licence by being active, not by signing in.
    """
    if student.left_on is not None:
        raise HasLeft(student.pk)
    in_a_family = student.household_id is not None
    if not in_a_family:  # there it is the guardian who opens it
        check_informed(student=student, today=today)
    version = declared(declaration, in_a_family=in_a_family)
    AccountDeclaration.objects.create(student=student, declared_by=by, declared_at=now, version=version)
    student = locked_student(student)
    if student.person is None:
        student.person = create_person(
            by=by,
            now=now,
            kind=Person.Kind.STUDENT,
            language=tenant.language,
            first_name=student.first_name,
            last_name=student.shown_last_name,
        )
        student.save(update_fields=["person"])
        give_role(person=student.person, role=Role.objects.get(shipped="student"), by=by, now=now)
        facts = {"declaration": declaration}
        log_action(
            "student.account_opened",
            by=by,
            on=student,
            at=now,
            facts=facts,
            about=[student.pk, student.person.pk],
        )
    elif not student.person.is_active:
        reactivate_person(person=student.person, by=by, now=now)
    versions = [languages[0] for languages in terms_in_force_here(tenant, now=now)]
    accept_terms(person=student.person, versions=versions, now=now, ip=None, by=by)
    return student.person


@transaction.atomic
def print_cards(
    *, students: Iterable[Student], declaration: str, tenant: Tenant, by: Person, now: datetime, today: date
) -> list[Card]:
    """Return a new card for each pupil, whose earlier card no longer opens anything.

    Raises GuardiansNotInformed, NotDeclared, HasLeft, CannotGive: then no card is made at all.
    """
    details: dict[str, Any] = {
        "declaration": declaration,
        "tenant": tenant,
        "by": by,
        "now": now,
        "today": today,
    }
    cards = []
    for student in students:
        person = open_account(student=student, **details)
        passphrase = new_passphrase()
        person.set_password(passphrase)
        person.save(update_fields=["password"])
        facts = {"declaration": declaration}
        log_action(
            "student.card_printed", by=by, on=student, at=now, facts=facts, about=[student.pk, person.pk]
        )
        cards.append(Card(student.full_name, person.username, passphrase))
    return cards
