"""Clauses: which ids a docstring names, which test file proves which, and the state that follows."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_NAMED = re.compile(
    r"^\s*Clauses?:\s*(?P<ids>[A-Z]{2}-[\w.\-]+(?:\s*,\s*[A-Z]{2}-[\w.\-]+)*)\s*\.?\s*$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """A promise, the function that keeps it, the tests that prove it, and whether both are there."""

    id: str
    rule: str
    rule_fr: str
    function: str
    functions: tuple[str, ...]
    tests: tuple[str, ...]

    @property
    def state(self) -> str:
        """Return "kept" when function and tests were found, else "planned"."""
        return "kept" if self.function and self.tests else "planned"


def named_in(docstring: str | None) -> tuple[str, ...]:
    """Return the clause ids that a docstring's `Clause:` or `Clauses:` lines name."""
    found = _NAMED.finditer(docstring or "")
    return tuple(part.strip() for match in found for part in match["ids"].split(","))


def functions_in(source: str, module: str) -> dict[str, list[str]]:
    """Return per clause id the dotted names of a module's functions and classes that keep it."""
    kept: dict[str, list[str]] = {}
    for name, node in _definitions(ast.parse(source), module):
        for clause in named_in(ast.get_docstring(node)):
            kept.setdefault(clause, []).append(name)
    return kept


Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _definitions(tree: ast.AST, prefix: str) -> Iterator[tuple[str, Definition]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Definition):
            name = f"{prefix}.{node.name}"
            yield name, node
            yield from _definitions(node, name)


def file_stem(clause: str) -> str:
    """Return how the name of a clause's test files starts: LG-S6.3p gives test_lg_s6_3p_."""
    return f"test_{re.sub(r'[^a-z0-9]+', '_', clause.lower())}_"


def proofs_of(clause: str, files: Iterable[str]) -> tuple[str, ...]:
    """Return the test files, among these names, that prove a clause."""
    return tuple(sorted(name for name in files if name.startswith(file_stem(clause))))


def clause_map(
    clauses: Iterable[Mapping[str, str]], functions: Mapping[str, list[str]], files: Iterable[str]
) -> list[ClauseRow]:
    """Return one row per clause, in the order they were written; policy functions come before others."""
    names = sorted(files)
    rows = []
    for clause in clauses:
        kept = tuple(sorted(functions.get(clause["id"], []), key=lambda name: (".policy." not in name, name)))
        tests = proofs_of(clause["id"], names)
        rows.append(
            ClauseRow(clause["id"], clause["rule"], clause["rule_fr"], kept[0] if kept else "", kept, tests)
        )
    return rows
