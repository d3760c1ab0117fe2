"""What every change of roles checks: nobody gives what they don't have, and somebody keeps the keys."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from people.models import Person, Role
from people.policy.grants import missing_permissions
from people.queries import lasting_administrators, lasting_grantors, permissions_of


class CannotGive(Exception):
    """Raised when a person would give rights that they don't hold as widely themselves."""

    def __init__(self, permissions: frozenset[str]) -> None:
        """Keep the rights that are missing."""
        super().__init__(", ".join(sorted(permissions)))
        self.permissions = permissions


class LastAdministrator(Exception):
    """Raised when a change would leave the place without anybody who keeps its keys or gives every right."""


def must_be_able_to_give(by: Person | None, wants: Mapping[str, str], *, today: date) -> None:
    """Raise CannotGive unless `by` holds all that is wanted; None is the system, which may."""
    if by is None:
        return
    missing = missing_permissions(holds=permissions_of(by.pk, today=today), wants=wants)
    if missing:
        raise CannotGive(missing)


@contextmanager
def keeping_an_administrator(*, today: date) -> Iterator[None]:
    """Make one change of access at a time, and raise LastAdministrator when it would take the last keys away.

    Two administrators can't remove each other at the same moment: the roles are locked for the transaction.
    """
    list(Role.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    before = lasting_administrators(today), lasting_grantors(today)
    yield
    after = lasting_administrators(today), lasting_grantors(today)
    if any(had and not has for had, has in zip(before, after, strict=True)):
        raise LastAdministrator
