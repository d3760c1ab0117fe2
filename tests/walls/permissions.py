"""The table of who may do what: each address of both hosts, each method, its right and what narrows it.

`script/test tests/walls/test_permissions.py --write-tables` writes permissions.csv from the urlconfs and the
views; a change is a diff to be read.
"""

import csv
from dataclasses import astuple, dataclass, fields
from io import StringIO
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver

from isolation.policy.guards import SCOPES
from people.middleware import permission_of
from people.policy.permissions import ANYONE, CONTACT, SIGNED_IN
from tests.walls.addresses import URLCONFS
from tests.walls.reached import guards_of, names, reached

TABLE = Path(__file__).with_name("permissions.csv")
ALL = ("get", "post", "put", "patch", "delete")
BASE = {ANYONE: "everyone", SIGNED_IN: "own", CONTACT: "contact"}


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """Who may send one method to one address."""

    host: str
    pattern: str
    method: str
    name: str
    view: str
    permission: str
    scope: str


def lines() -> list[Line]:
    """Return the table as the code has it."""
    from importlib import import_module

    return sorted(
        line
        for host, urlconf in URLCONFS.items()
        for line in _walk(host, import_module(urlconf).urlpatterns, "/", "")
    )


def _walk(host: str, patterns: list[Any], route: str, namespace: str) -> list[Line]:
    found: list[Line] = []
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, (namespace, pattern.namespace)))
            found += _walk(host, pattern.url_patterns, here, inner)
        elif isinstance(pattern, URLPattern):
            name = ":".join(filter(None, (namespace, pattern.name or "")))
            found += _of_view(host, here, name, pattern.callback)
    return found


def _of_view(host: str, pattern: str, name: str, view: Any) -> list[Line]:
    owner = getattr(view, "view_class", None) or getattr(view, "cls", None)
    shown = owner or view
    permission = permission_of(view, name) or "NOBODY RULED"
    told = (f"{shown.__module__}.{shown.__qualname__}", permission, scope_of(host, view, permission))
    return [Line(host, pattern, method, name, *told) for method in _methods(owner)]


def _methods(owner: Any) -> list[str]:
    """Return what a view answers; one that is a plain function rules on all alike."""
    if owner is None:
        return ["any"]
    return [method for method in ALL if method in owner.http_method_names and hasattr(owner, method)]


def scope_of(host: str, view: Any, permission: str) -> str:
    """Return whose rows are left: by the guards the view runs, else by who may come in at all."""
    kinds = guards_of(view) & set(SCOPES)
    if permission == CONTACT:
        kinds |= {"contact"} if _names_the_contact(view) else set()
    if kinds:
        return "+".join(sorted(kinds))
    return BASE.get(permission) or {"tenant": "tenant", "public": "house"}[host]


def _names_the_contact(view: Any) -> bool:
    functions, _classes = reached(view)
    return any("contact" in names(each) for each in functions)


def written(rows: list[Line]) -> str:
    """Return the table as text."""
    out = StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(field.name for field in fields(Line))
    table.writerows(astuple(row) for row in rows)
    return out.getvalue()
