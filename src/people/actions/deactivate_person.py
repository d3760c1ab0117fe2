"""Stop a person from signing in, or let them in again."""

from datetime import datetime

from django.db import transaction

from audit.actions import write
from people.actions.end_sessions import end_sessions
from people.actions.guard import keeping_an_administrator, must_be_able_to_give
from people.models import Person
from people.queries import day_here, holding_of


@transaction.atomic
def deactivate_person(*, person: Person, by: Person | None, now: datetime) -> None:
    """Close an account and its sessions at once; nothing of it is deleted. Raises CannotGive, LastAdministrator."""
    today = day_here(now)
    must_be_able_to_give(by, holding_of(person.pk, today=today), today=today)
    with keeping_an_administrator(today=today):
        Person.objects.filter(pk=person.pk).update(is_active=False)
    person.is_active = False
    end_sessions(person_ids=[person.pk], by=by, now=now)
    write("person.deactivated", by=by, on=person, at=now, about=[person.pk])


@transaction.atomic
def reactivate_person(*, person: Person, by: Person | None, now: datetime) -> None:
    """Let a person sign in again with the roles they still hold. Raises CannotGive."""
    today = day_here(now)
    Person.objects.filter(pk=person.pk).update(is_active=True)
    person.is_active = True
    must_be_able_to_give(by, holding_of(person.pk, today=today), today=today)
    write("person.reactivated", by=by, on=person, at=now, about=[person.pk])
