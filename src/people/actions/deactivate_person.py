"""Stop a person from signing in, or let them in again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit.actions import log_action
from people.actions.end_sessions import end_sessions
from people.actions.guard import keeping_an_administrator, must_be_able_to_give
from people.actions.invite import end_invitations_of
from people.actions.revoke_tokens import revoke_tokens
from people.models import Person
from people.queries import day_here, permissions_of


class BeingDeleted(Exception):
    """Raised when something is wanted of somebody whose deletion is under way: undo it instead.

    Or whose data is frozen: lift that first. `name` is who it is, for a person who may know.
    """

    def __init__(self, person_id: UUID, name: str = "", *, is_frozen: bool = False) -> None:
        """Keep who it is."""
        super().__init__(person_id)
        self.name = name
        self.is_frozen = is_frozen


@transaction.atomic
def deactivate_person(
    *, person: Person, by: Person | None, now: datetime, closed_for: UUID | None = None
) -> None:
    """Close an account, its sessions, its tokens and the invitations it sent at once; nothing is deleted.

    `closed_for` is the deletion that closes it for as long as it isn't undone; without one, an account stays
    closed until somebody opens it, even if a deletion had closed it before. Raises CannotGive,
    LastAdministrator.
    """
    today = day_here(now)
    must_be_able_to_give(by, permissions_of(person.pk, today=today), today=today)
    with keeping_an_administrator(today=today):
        Person.objects.filter(pk=person.pk).update(is_active=False, closed_for=closed_for)
    person.is_active = False
    person.closed_for = closed_for
    end_sessions(person_ids=[person.pk], by=by, now=now)
    revoke_tokens(person_ids=[person.pk], by=by, now=now)
    end_invitations_of(person_id=person.pk, by=by, now=now)
    log_action("person.deactivated", by=by, on=person, at=now, about=[person.pk])


@transaction.atomic
def reactivate_person(
    *, person: Person, by: Person | None, now: datetime, closed_for: UUID | None = None
) -> None:
    """Let a person sign in again with the roles they still hold.

    What a deletion closed only its undoing opens, as `closed_for`. Raises CannotGive, BeingDeleted.
    """
    today = day_here(now)
    if not Person.objects.filter(pk=person.pk, closed_for=closed_for).update(is_active=True, closed_for=None):
        raise BeingDeleted(person.pk, person.name)
    person.is_active = True
    person.closed_for = None
    must_be_able_to_give(by, permissions_of(person.pk, today=today), today=today)
    log_action("person.reactivated", by=by, on=person, at=now, about=[person.pk])
