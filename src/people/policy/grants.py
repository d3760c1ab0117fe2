"""Who may give what to whom, and who may not be lost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from people.policy.permissions import COVERS, IN_A_CIRCLE
from people.policy.roles import ALL

EffectivePermissions = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Membership:
    """What a person holds through one role, over the half-open period [starts_on, ends_on)."""

    permissions: frozenset[str]
    scope: str
    starts_on: date
    ends_on: date | None = None


def in_force(memberships: Iterable[Membership], *, today: date) -> list[Membership]:
    """Return the memberships whose period holds today."""
    return [m for m in memberships if m.starts_on <= today and (m.ends_on is None or today < m.ends_on)]


def effective_permissions(memberships: Iterable[Membership], *, today: date) -> dict[str, str]:
    """Return each right held today with its widest reach.

    One about the whole place is not held in a circle.
    """
    held: dict[str, str] = {}
    for membership in in_force(memberships, today=today):
        whole = membership.scope == ALL
        for permission in membership.permissions if whole else membership.permissions & IN_A_CIRCLE:
            if held.get(permission) != ALL:
                held[permission] = membership.scope
    return held


def missing_permissions(*, holds: EffectivePermissions, wants: EffectivePermissions) -> frozenset[str]:
    """Return the wanted rights that a person can't give, because they don't hold them as widely
    themselves.
    """
    given = dict(holds)
    for permission, scope in holds.items():
        for covered in COVERS.get(permission, ()):
            given.setdefault(covered, scope)
    return frozenset(
        permission
        for permission, scope in wants.items()
        if permission not in given or (scope == ALL and given[permission] != ALL)
    )


def can_grant(memberships: Iterable[Membership], *, wanted: frozenset[str], today: date) -> bool:
    """Return whether rights are all held in the whole place without an end: they can be given for good."""
    lasting = [each for each in memberships if each.ends_on is None and each.scope == ALL]
    return wanted <= effective_permissions(lasting, today=today).keys()


def open_now(
    holds: EffectivePermissions, *, still_open: frozenset[str] | None, key_right: str, scope: str = ALL
) -> dict[str, str]:
    """Return what is left of a holding when a place is suspended or ended.

    Nothing, but for who keeps its keys.

    `still_open` are the rights that the place's state leaves, None when it leaves all; `reach` is how widely
    its keys are held: everywhere in a tenant, in their own circle in a household.
    """
    if still_open is None:
        return dict(holds)
    if holds.get(key_right) != scope:
        return {}
    return {permission: scope for permission, scope in holds.items() if permission in still_open}
