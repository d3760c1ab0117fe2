"""Changes to the code of a guard, made in memory: an argument of a filter dropped, a condition skipped, rows
that were narrowed taken whole.
"""

import ast
import copy
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from types import CodeType, FunctionType

FILTERS = frozenset({"filter", "get", "exclude", "Q", "get_object_or_404", "loads", "update_or_create"})
WHOSE = ("contact", "person", "household", "scope", "tenant_id")
ENDINGS = frozenset({"first", "last", "get", "exists", "count", "aggregate", "latest", "update", "delete"})
OPEN = "__all_rows__"


@dataclass(frozen=True)
class Change:
    """One change of a function's source: what it does, said in words; `code()` compiles what results."""

    words: str
    code: Callable[[], CodeType]


Edit = tuple[str, Callable[[ast.AST], None]]


def changes(function: FunctionType, *, is_guard: bool, scopes: frozenset[str]) -> list[Change]:
    """Return the changes of a guard, or of a function that calls one of the guards in `scopes`.

    These are named as calls of them are written: `name`, `self.name`, `.name`.
    """
    try:
        tree = _module(inspect.getsourcefile(function) or "")
        _find(tree, function)
    except (OSError, LookupError):
        return []
    edits = _edits(_find(tree, function), is_guard=is_guard, scopes=scopes)
    return [Change(words, partial(_compiled, function, edit)) for words, edit in edits]


@cache
def _module(path: str) -> ast.Module:
    with open(path, encoding="utf-8") as text:
        return ast.parse(text.read())


def _find(tree: ast.AST, function: FunctionType) -> ast.FunctionDef:
    place: ast.AST = tree
    for name in function.__qualname__.split("."):
        if name == "<locals>":
            continue
        named = (each for each in ast.walk(place) if getattr(each, "name", "") == name)
        found = next((each for each in named if isinstance(each, ast.FunctionDef | ast.ClassDef)), None)
        if found is None:
            raise LookupError(function.__qualname__)
        place = found
    if not isinstance(place, ast.FunctionDef):
        raise LookupError(function.__qualname__)
    return place


def _compiled(function: FunctionType, edit: Callable[[ast.FunctionDef], None]) -> CodeType:
    path = inspect.getsourcefile(function) or ""
    tree = copy.deepcopy(_module(path))
    edit(_find(tree, function))
    ast.fix_missing_locations(tree)
    found = list(_codes(compile(tree, path, "exec", dont_inherit=True)))
    return next(each for each in found if each.co_qualname == function.__qualname__)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _edits(
    node: ast.FunctionDef, *, is_guard: bool, scopes: frozenset[str]
) -> list[tuple[str, Callable[[ast.FunctionDef], None]]]:
    """Return the edits by what they do; each finds its place again in a copy by its number in the walk."""
    found: list[tuple[str, Callable[[ast.FunctionDef], None]]] = []
    narrowed = _narrowed_names(node, scopes)
    for number, each in enumerate(ast.walk(node)):
        for words, edit in _edits_of(each, is_guard, scopes, narrowed):
            line = getattr(each, "lineno", 0) - node.lineno + 1
            found.append((f"{words} (line {line} of it)", _at(number, edit)))
    return found


def _at(number: int, edit: Callable[[ast.AST], None]) -> Callable[[ast.FunctionDef], None]:
    def apply(node: ast.FunctionDef) -> None:
        edit(list(ast.walk(node))[number])

    return apply


def _edits_of(
    node: ast.AST, is_guard: bool, scopes: frozenset[str], narrowed: frozenset[str]
) -> Iterator[Edit]:
    if isinstance(node, ast.Call):
        yield from _dropped_arguments(node, is_guard)
    if is_guard:
        yield from _skipped(node)
    yield from _opened(node, scopes, narrowed)


def _dropped_arguments(node: ast.Call, is_guard: bool) -> Iterator[Edit]:
    if _called(node) not in FILTERS:
        return
    for place, keyword in enumerate(node.keywords):
        said = f"{keyword.arg} {ast.unparse(keyword.value)}".lower()
        if keyword.arg is None or not (is_guard or any(word in said for word in WHOSE)):
            continue
        if keyword.arg in {"pk", "id"}:
            continue

        def drop(found: ast.AST, place: int = place) -> None:
            del found.keywords[place]  # type: ignore[attr-defined]

        yield f"without {ast.unparse(keyword)}", drop


def _never(found: ast.AST) -> None:
    found.test = ast.Constant(False)  # type: ignore[attr-defined]


def _always(found: ast.AST) -> None:
    found.test = ast.Constant(True)  # type: ignore[attr-defined]


def _skipped(node: ast.AST) -> Iterator[Edit]:
    if isinstance(node, ast.If) and isinstance(node.body[-1], ast.Raise | ast.Return):
        yield f"if {ast.unparse(node.test)}: skipped", _never
    if isinstance(node, ast.IfExp):
        yield f"as if {ast.unparse(node.test)}", _always
    if isinstance(node, ast.BoolOp):
        for place, operand in enumerate(node.values):

            def leave_out(found: ast.AST, place: int = place) -> None:
                del found.values[place]  # type: ignore[attr-defined]
                if len(found.values) == 1:  # type: ignore[attr-defined]
                    found.values.append(copy.deepcopy(found.values[0]))  # type: ignore[attr-defined]

            yield f"without {ast.unparse(operand)}", leave_out


def _opened(node: ast.AST, scopes: frozenset[str], narrowed: frozenset[str]) -> Iterator[Edit]:
    """Give back all rows where a guard's rows are used: at its call, and wherever its rows were kept."""
    for name, value in ast.iter_fields(node):
        values = value if isinstance(value, list) else [value]
        for place, each in enumerate(values):
            if not _is_narrowed(each, scopes, narrowed):
                continue

            def widen(found: ast.AST, name: str = name, place: int = place) -> None:
                there = getattr(found, name)
                inside = there[place] if isinstance(there, list) else there
                instead = ast.Call(ast.Name(OPEN, ast.Load()), [inside], [])
                if isinstance(there, list):
                    there[place] = instead
                else:
                    setattr(found, name, instead)

            yield f"all rows instead of {ast.unparse(each)[:70]} in {ast.unparse(node)[:70]}", widen


def _is_narrowed(node: object, scopes: frozenset[str], narrowed: frozenset[str]) -> bool:
    if isinstance(node, ast.Call):
        return _said(node) in scopes
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in narrowed


def _narrowed_names(node: ast.FunctionDef, scopes: frozenset[str]) -> frozenset[str]:
    """Return the variables that hold the rows a guard returned, narrowed further or not."""
    return frozenset(
        target.id
        for each in ast.walk(node)
        if isinstance(each, ast.Assign) and _are_rows(each.value, scopes)
        for target in each.targets
        if isinstance(target, ast.Name)
    )


def _are_rows(value: ast.expr, scopes: frozenset[str]) -> bool:
    while isinstance(value, ast.Call):
        if _said(value) in scopes:
            return True
        if not isinstance(value.func, ast.Attribute) or value.func.attr in ENDINGS:
            return False
        value = value.func.value
    return False


def _said(node: ast.Call) -> str:
    """Return a call as it is written: `name`, `self.name` for one's own method, `.name` for any other's."""
    function = node.func
    if isinstance(function, ast.Attribute):
        own = isinstance(function.value, ast.Name) and function.value.id in {"self", "reader"}
        return f"{'self' if own else ''}.{function.attr}"
    return getattr(function, "id", "")


def _called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
