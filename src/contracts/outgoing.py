"""The one registry of what speaks to the outside: each door, its modules, the hosts behind it.

A gateway declares itself in its app's `apps.py`, and asks `check_outgoing` before it speaks.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

Hosts = Callable[[], Collection[str]]
Refusal = Callable[[str, datetime], bool]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A door to the outside.

    `modules` are those of ours that speak through it, `libraries` what they import for it; `hosts()` are the
    names it leads to in this installation, none where it leads nowhere. `is_ours`: a service the operator
    runs itself.
    """

    key: str
    label: object
    modules: frozenset[str]
    libraries: frozenset[str]
    hosts: Hosts
    is_ours: bool = False


class NotDeclared(Exception):
    """Raised when something would speak to the outside through a door nobody declared."""


class OutgoingRefused(Exception):
    """Raised when the tenant we are in, or its offer, does not let data go through a door."""


_OUTGOING: dict[str, Outgoing] = {}
_REFUSALS: list[Refusal] = []


def declare_outgoing(
    key: str,
    *,
    label: object,
    modules: Collection[str],
    libraries: Collection[str],
    hosts: Hosts,
    is_ours: bool = False,
) -> None:
    """Declare a door to the outside, once."""
    _OUTGOING[key] = Outgoing(key, label, frozenset(modules), frozenset(libraries), hosts, is_ours)


def outgoing() -> list[Outgoing]:
    """Return all doors, in the order of their keys."""
    return [_OUTGOING[key] for key in sorted(_OUTGOING)]


def refusal_source(find: Refusal) -> Refusal:
    """Register who knows whether the tenant we are in refuses a door: `find(key, now)`, anywhere."""
    _REFUSALS[:] = [find]
    return find


def check_outgoing(key: str, now: datetime | None = None) -> None:
    """Refuse a door nobody declared or, where a tenant's data leaves `now`, one that tenant refuses.

    Raises NotDeclared, OutgoingRefused.
    """
    if key not in _OUTGOING:
        raise NotDeclared(key)
    if now is not None and any(refuses(key, now) for refuses in _REFUSALS):
        raise OutgoingRefused(key)
