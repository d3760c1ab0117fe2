"""Give a person a role, or take it back."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from audit.actions import log_action
from people.actions.guard import keeping_an_administrator, must_be_able_to_give
from people.models import Membership, Person, Role
from people.queries import day_here


class NeedsAnEnd(Exception):
    """Raised when a role that is only held for a time is given for good."""


class AlreadyHeld(Exception):
    """Raised when a person holds the role already over some of this time."""


class EndsTooSoon(Exception):
    """Raised when a role would end before it starts, or has ended already."""


@transaction.atomic
def give_role(
    *,
    person: Person,
    role: Role,
    by: Person | None,
    now: datetime,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Membership:
    """Return the membership that gives a person a role over [starts_on, ends_on), from today by default.

    Raises CannotGive, NeedsAnEnd, AlreadyHeld, EndsTooSoon.
    """
    today = day_here(now)
    must_be_able_to_give(by, role.wants, today=today)
    start = starts_on or today
    if role.needs_an_end and ends_on is None:
        raise NeedsAnEnd(role)
    if ends_on is not None and ends_on <= max(start, today):
        raise EndsTooSoon(ends_on)
    with keeping_an_administrator(today=today):
        if _overlapping(person, role, start, ends_on):
            raise AlreadyHeld(role)
        membership = Membership.objects.create(person=person, role=role, starts_on=start, ends_on=ends_on)
    facts = {
        "role": str(role.pk),
        "starts_on": start.isoformat(),
        "ends_on": ends_on.isoformat() if ends_on else None,
    }
    log_action("role.given", by=by, on=person, at=now, facts=facts, about=[person.pk])
    return membership


def _overlapping(person: Person, role: Role, start: date, end: date | None) -> bool:
    rows = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gt=start), person=person, role=role)
    return (rows.filter(starts_on__lt=end) if end else rows).exists()


@transaction.atomic
def end_role(*, membership: Membership, by: Person | None, now: datetime) -> None:
    """End a membership today. Raises CannotGive (who can't give can't take back) and LastAdministrator."""
    today = day_here(now)
    must_be_able_to_give(by, membership.role.wants, today=today)
    with keeping_an_administrator(today=today):
        membership.end(on=today)
    facts = {"role": str(membership.role_id), "ends_on": today.isoformat()}
    log_action(
        "role.ended", by=by, on=membership.person_id, at=now, facts=facts, about=[membership.person_id]
    )
