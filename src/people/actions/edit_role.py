"""Rename a role, change its rights, copy it."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from audit.actions import log_action
from people.actions.guard import keeping_an_administrator, must_be_able_to_give
from people.models import Person, Role
from people.policy.rights import beyond_a_circle, unknown
from people.policy.roles import ALL
from people.queries import area_here, day_here


class UnknownRight(Exception):
    """Raised when a right doesn't exist in this place."""


class WholePlaceOnly(Exception):
    """Raised when a role for a circle would hold rights that are about the whole place."""

    def __init__(self, rights: frozenset[str]) -> None:
        """Keep the rights."""
        super().__init__(", ".join(sorted(rights)))
        self.rights = rights


class StillHeld(Exception):
    """Raised when a role that people were given would be removed."""


@transaction.atomic
def edit_role(
    *, role: Role, name: str, rights: Collection[str], reach: str, by: Person | None, now: datetime
) -> Role:
    """Return the role as changed; who changes it holds all it gave and all it will give.

    An empty name gives a shipped role its own name back.
    Raises CannotGive, LastAdministrator, UnknownRight, WholePlaceOnly.
    """
    today = day_here(now)
    wanted = _known(rights)
    if reach != ALL and beyond_a_circle(wanted):
        raise WholePlaceOnly(beyond_a_circle(wanted))
    with keeping_an_administrator(today=today):
        role.refresh_from_db()
        before = {"name": role.name, "rights": role.rights, "reach": role.reach}
        if role.wants != dict.fromkeys(wanted, reach):
            must_be_able_to_give(by, role.wants, today=today)
            must_be_able_to_give(by, dict.fromkeys(wanted, reach), today=today)
        role.name = name.strip()
        role.rights = wanted
        role.reach = reach
        role.save()
    after = {"name": role.name, "rights": role.rights, "reach": role.reach}
    log_action("role.changed", by=by, on=role, at=now, facts={"before": before, "after": after})
    return role


@transaction.atomic
def copy_role(*, role: Role, name: str, by: Person | None, now: datetime) -> Role:
    """Return a new role with the same rights under another name. Raises CannotGive."""
    must_be_able_to_give(by, role.wants, today=day_here(now))
    copy = Role.objects.create(name=name.strip(), rights=role.rights, reach=role.reach, created_at=now)
    facts = {"from": str(role.pk), "name": copy.name, "rights": copy.rights, "reach": copy.reach}
    log_action("role.created", by=by, on=copy, at=now, facts=facts)
    return copy


@transaction.atomic
def remove_role(*, role: Role, by: Person | None, now: datetime) -> None:
    """Remove a role nobody was ever given. Raises StillHeld (a shipped one always stays) and CannotGive."""
    must_be_able_to_give(by, role.wants, today=day_here(now))
    if role.shipped or role.memberships.exists() or role.invitations.exists():
        raise StillHeld(role)
    log_action("role.removed", by=by, on=role, at=now, facts={"name": role.name, "rights": role.rights})
    role.delete()


def _known(rights: Collection[str]) -> list[str]:
    missing = unknown(frozenset(rights), area=area_here())
    if missing:
        raise UnknownRight(", ".join(sorted(missing)))
    return sorted(set(rights))
