"""Clauses: the mark on the functions that keep them, the tests that show it, and the state that follows."""

import ast
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, TypeVar

Marked = TypeVar("Marked", bound=Callable[..., Any])

PLANNED = "planned"
RULED = "ruled"
PROVED = "proved"
STATES = (PLANNED, RULED, PROVED)
STRUCTURAL = frozenset(
    {"LG-S6.2k", "LG-S21.3", "LG-S24", "LG-S27", "LG-U3.1f", "LG-U3.1o", "LG-DBs", "LG-DBk", "MC-0"}
)

_ID = re.compile(r"[A-Z]{2}-[A-Za-z0-9]+(\.[A-Za-z0-9]+)*")
_MARKED: dict[str, list[Callable[..., Any]]] = {}


def keeps(*ids: str) -> Callable[[Marked], Marked]:
    """Return a decorator that marks the function that keeps these clauses; the function itself stays as it
    is.

    The ids are left on it (`__keeps__`) and in the registry that `marked()` reads. Raises ValueError on what
    is no id.
    """
    if not ids or any(not _ID.fullmatch(each) for each in ids):
        raise ValueError(f"name the clauses that are kept, not {ids!r}")

    def mark(function: Marked) -> Marked:
        function.__keeps__ = ids  # type: ignore[attr-defined]
        for each in ids:
            _MARKED.setdefault(each, []).append(function)
        return function

    return mark


def marked() -> dict[str, tuple[Callable[..., Any], ...]]:
    """Return per clause the functions marked so far, those of a policy first, then by name."""
    return {key: tuple(sorted(functions, key=_rank)) for key, functions in _MARKED.items()}


def _rank(function: Callable[..., Any]) -> tuple[bool, str]:
    return ".policy." not in function.__module__, name_of(function)


def name_of(function: Callable[..., Any]) -> str:
    """Return the dotted name of a marked function."""
    return f"{function.__module__}.{function.__qualname__}"


@dataclass(frozen=True, slots=True)
class Story:
    """A promise played through the product's doors, told in a sentence; `door` says through which."""

    name: str
    path: str
    line: int
    ids: tuple[str, ...]
    door: str
    told: str
    told_fr: str
    counts: bool = True
    folder: str = "tests/clauses"


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """A promise, the functions that keep it, the tests of its rule, its stories, and what these show."""

    id: str
    rule: str
    rule_fr: str
    functions: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    stories: tuple[Story, ...] = ()

    @property
    def function(self) -> str:
        """Return the first of its functions, or nothing."""
        return self.functions[0] if self.functions else ""

    @property
    def state(self) -> str:
        """Return "planned", "ruled" (the rule is written and tested) or "proved" (a story shows it).

        A marked function without a test is planned still. A story that is expected to fail shows that the
        promise isn't true of the product yet: with one, nothing is proved, whatever else is told.
        """
        if not self.functions or not (self.tests or self.stories):
            return PLANNED
        return PROVED if self.stories and all(story.counts for story in self.stories) else RULED

    @property
    def failing(self) -> tuple[Story, ...]:
        """Return the stories that are known not to be so yet."""
        return tuple(story for story in self.stories if not story.counts)


def file_stem(clause: str) -> str:
    """Return how the name of a clause's test files starts: LG-S6.3p gives test_lg_s6_3p_."""
    return f"test_{re.sub(r'[^a-z0-9]+', '_', clause.lower())}_"


def proofs_of(clause: str, files: Iterable[str]) -> tuple[str, ...]:
    """Return the test files, among these names, that are a clause's."""
    return tuple(sorted(name for name in files if name.startswith(file_stem(clause))))


def stories_in(source: str, path: str) -> list[Story]:
    """Return the stories a test file tells: its functions with the mark `pytest.mark.story(…)`."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and (mark := _mark(node, "story")):
            found.append(_story(node, mark, path))
    return found


def contradictions_in(source: str, path: str) -> list[Story]:
    """Return what tests that play at random show not to be so.

    Their expected failures that name the clauses by `pytest.mark.contradicts(…)`.
    """
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef))
    marked = ((node, _mark(node, "contradicts")) for node in nodes if _marks(node, "xfail"))
    return [replace(_story(node, mark, path), folder="tests/oracle") for node, mark in marked if mark]


def _story(node: ast.FunctionDef, mark: ast.Call, path: str) -> Story:
    words = {key.arg: str(ast.literal_eval(key.value)) for key in mark.keywords if key.arg}
    ids = tuple(str(ast.literal_eval(argument)) for argument in mark.args)
    told = (ast.get_docstring(node) or "").split("\n\n")[0].replace("\n", " ")
    return Story(
        name=node.name,
        path=path,
        line=node.lineno,
        ids=ids,
        door=words.get("door", ""),
        told=told or _sentence(node.name),
        told_fr=words.get("fr", ""),
        counts=not (_marks(node, "xfail") or _marks(node, "skip") or _marks(node, "skipif")),
    )


def _sentence(name: str) -> str:
    """Return the name of a test as the sentence it is."""
    text = name.removeprefix("test_").replace("_", " ")
    return f"{text[:1].upper()}{text[1:]}."


def _marks(node: ast.FunctionDef, name: str) -> bool:
    return any(f"mark.{name}" in ast.unparse(each) for each in node.decorator_list)


def _mark(node: ast.FunctionDef, name: str) -> ast.Call | None:
    calls = (each for each in node.decorator_list if isinstance(each, ast.Call))
    return next((each for each in calls if ast.unparse(each.func).endswith(f"mark.{name}")), None)


def has_rule_tests(source: str) -> bool:
    """Return whether a test file holds a test that is no story."""
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef))
    return any(node.name.startswith("test_") and not _mark(node, "story") for node in nodes)


def clause_map(
    clauses: Iterable[Mapping[str, str]],
    functions: Mapping[str, Iterable[str]],
    files: Mapping[str, str],
    *,
    oracle: Mapping[str, str] = MappingProxyType({}),
) -> list[ClauseRow]:
    """Return one row per clause, in the order they were written.

    `functions` are dotted names by clause, `files` the sources of tests/clauses by their name, `oracle`
    those of tests/oracle.
    """
    stories = [story for name, source in sorted(files.items()) for story in stories_in(source, name)]
    stories += [one for name, source in sorted(oracle.items()) for one in contradictions_in(source, name)]
    ruled = {name for name, source in files.items() if has_rule_tests(source)}
    return [
        ClauseRow(
            id=clause["id"],
            rule=clause["rule"],
            rule_fr=clause["rule_fr"],
            functions=tuple(functions.get(clause["id"], ())),
            tests=proofs_of(clause["id"], ruled),
            stories=tuple(story for story in stories if clause["id"] in story.ids),
        )
        for clause in clauses
    ]
