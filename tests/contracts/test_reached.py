"""What keeps a clause is called by the product; a parameter of a contract is read by it."""

import ast
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from django.conf import settings

from contracts.actions.read_proof import unreached
from contracts.policy.clauses import PLANNED
from contracts.policy.profiles import Profile
from contracts.queries import clause_rows

SRC = Path(settings.BASE_DIR) / "src"
# What a planned clause will read; the parameter leaves this list with the clause that reads it.
NOT_YET = {
    "accounts.created_by": "QZ-2.2",
    "accounts.minimum_age": "QZ-2.1",
    "retention.collected_days": "QZ-4",
    "logs.live_months": "LG-DCl",
    "logs.archive_months": "LG-DCl",
    "audience.staff_excluded": "QW-2",
    "support.chat": "LG-S17",
    "closure.set_by": "QZ-2.3",
    "closure.after_months": "QZ-2.3",
    "closure.notice_hours": "QZ-2.3",
    "maintenance.when": "LG-U7",
    "maintenance.notice_hours": "MC-8",
    "maintenance.max_hours": "MC-8",
}


def test_every_marked_function_is_reached_from_a_page_the_api_a_command_or_the_agenda():
    assert unreached() == []


def parameters(kind: Any = Profile, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of every parameter of a profile."""
    hints = get_type_hints(kind)
    for each in fields(kind):
        if is_dataclass(hints[each.name]):
            yield from parameters(hints[each.name], (*path, each.name))
        else:
            yield (*path, each.name)


@lru_cache(maxsize=1)
def attributes_read() -> frozenset[str]:
    """Return the attributes the product reads, each with the one before it: `suspension.when`."""
    found = set()
    for path in SRC.rglob("*.py"):
        if path.name not in {"profiles.py", "profile_reader.py"} and "migrations" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute):
                    front = node.value
                    before = front.attr if isinstance(front, ast.Attribute) else getattr(front, "id", "")
                    found |= {node.attr, f"{before}.{node.attr}"}
    return frozenset(found)


@pytest.mark.parametrize("path", list(parameters()), ids=".".join)
def test_a_parameter_of_a_contract_is_read_by_the_product(path):
    is_read = ".".join(path[-2:]) in attributes_read()
    if clause := NOT_YET.get(".".join(path)):
        assert not is_read, "it is read now: take it off the list"
        assert next(row for row in clause_rows() if row.id == clause).state == PLANNED
    else:
        assert is_read
