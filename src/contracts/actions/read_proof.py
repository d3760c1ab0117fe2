"""Read how one knows of a promise: the rule's own source, the contract's figures, and where the product
calls it.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from contracts.gateways.source import file_of, graph_of, source_of
from contracts.policy.call_graph import Caller, door_of
from contracts.policy.cases import Case, cases_of
from contracts.policy.clauses import ClauseRow, marked, name_of
from contracts.queries import read_all

MAX_CALLERS = 12


@dataclass(frozen=True, slots=True)
class Rule:
    """A marked function as a page shows it: its source, where it stands, and what it says of itself."""

    name: str
    file: str
    line: int
    source: str
    says: str
    is_pure: bool


@dataclass(frozen=True, slots=True)
class ClauseProof:
    """How one knows of a promise: its rules, the contract's figures, and where the product calls it."""

    rules: tuple[Rule, ...]
    cases: tuple[Case, ...]
    callers: tuple[Caller, ...]
    callers_left_off: int = 0


def read_proof(row: ClauseRow, root: Path | None = None) -> ClauseProof:
    """Return the source of the functions that keep a clause, its cases, and the doors that lead to it."""
    root = root or settings.BASE_DIR
    functions = marked().get(row.id, ())
    graph = graph_of(root)
    callers: dict[str, Caller] = {}
    for function in functions:
        for caller in graph.callers_of(name_of(function)):
            callers.setdefault(caller.name, caller)
    nearest = sorted(callers.values(), key=lambda each: (each.steps, each.name))
    rules = tuple(_rule(function, root) for function in functions)
    return ClauseProof(rules, cases_of(row.id), tuple(nearest[:MAX_CALLERS]), len(nearest[MAX_CALLERS:]))


def _rule(function: Callable[..., Any], root: Path) -> Rule:
    source, line = source_of(function)
    name = name_of(function)
    says = inspect.getdoc(function) or ""
    return Rule(name, file_of(function, root), line, source, says, ".policy." in name)


def unreached(root: Path | None = None) -> list[str]:
    """Return the marked functions that no page, API, command or keeper leads to."""
    read_all()
    graph = graph_of(root or settings.BASE_DIR)
    names = {name_of(function) for functions in marked().values() for function in functions}
    return sorted(name for name in names if not door_of(name) and not graph.callers_of(name, most=1))
