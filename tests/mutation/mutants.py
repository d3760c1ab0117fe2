"""Every mutant: a function that gives a wrong value, a call that isn't made, a guard that is widened."""

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections
from psycopg import sql

from contracts.policy.clauses import marked
from isolation.policy.guards import CHECKS, SCOPES, guarding
from isolation.registry import Share, shares
from people.policy.permissions import ANYONE, CONTACT, SIGNED_IN, catalogue
from tests import database
from tests.mutation import swap
from tests.mutation.syntax import OPEN, changes
from tests.mutation.values import Variant, all_rows, variants
from tests.walls.addresses import URLCONFS, addresses
from tests.walls.reached import codes, rooms

FUNCTIONS = "functions"
POLICIES = "policies"
PERMISSIONS = "permissions"
SCOPE = "scopes"
TOKENS = "tokens"
GUARDS = (POLICIES, PERMISSIONS, SCOPE, TOKENS)
WRITTEN_DOWN = {"tests/walls/test_permissions.py", "tests/walls/test_rows.py"}  # they read, and ask nobody
MOST_SITES = 8  # a function that is called in more places is no rule of one
Install = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True)
class Mutant:
    """One thing wrong: where, how, what puts it there, and what decides which tests are worth running.

    `function` is the one that has to run in a test; without one, `tests` names the files.
    """

    kind: str
    target: str
    variant: str
    install: Install = field(compare=False, repr=False)
    function: FunctionType | None = field(default=None, compare=False, repr=False)
    clauses: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.target}: {self.variant}"


def everything() -> list[Mutant]:
    """Return all mutants, the clauses' functions first, then the guards kind by kind."""
    for urlconf in URLCONFS.values():
        import_module(urlconf)
    return [*functions(), *policies(), *permissions(), *scopes(), *tokens()]


def dotted(function: Any) -> str:
    """Return the name of a function or class with its module."""
    return f"{function.__module__}.{function.__qualname__}"


# What keeps a clause


def functions() -> Iterator[Mutant]:
    """Give the mutants of the functions marked with a clause."""
    clauses: dict[FunctionType, list[str]] = {}
    for clause, found in marked().items():
        for each in found:
            for function in _functions_of(each):
                clauses.setdefault(function, []).append(clause)
    for function, ids in sorted(clauses.items(), key=lambda each: dotted(each[0])):
        details = {"function": function, "clauses": tuple(sorted(set(ids)))}
        found = variants(function)
        for variant in found:
            yield Mutant(FUNCTIONS, dotted(function), variant.name, _wrong(function, variant), **details)
        yield from _sites(function, [each for each in found if each.removes] or found[:1], details)


def _functions_of(marked: Any) -> list[FunctionType]:
    if inspect.isclass(marked):
        return [each for each in vars(marked).values() if isinstance(each, FunctionType)]
    return [swap.bare(marked)]


def _wrong(function: FunctionType, variant: Variant) -> Install:
    @contextmanager
    def install() -> Iterator[None]:
        original = swap.copy_of(function)

        def handler(*args: Any, **kwargs: Any) -> Any:
            return variant.apply(original, args, kwargs)

        with swap.code(function, swap.calling(handler, function)):
            yield

    return install


def _sites(function: FunctionType, without: list[Variant], told: dict[str, Any]) -> Iterator[Mutant]:
    """Give the mutants of each place in the product that calls a function: that call alone is removed.

    A test that calls the function itself notices nothing of that.
    """
    callers = _callers(function)
    if not callers and ".policy." in function.__module__:
        words = "its call removed: nothing in the product calls it"
        yield Mutant(FUNCTIONS, dotted(function), words, ExitStack, **told)
    for caller in callers if len(callers) <= MOST_SITES else ():
        for variant in without:
            words = f"its call removed in {dotted(caller)} ({variant.name})"
            yield Mutant(FUNCTIONS, dotted(function), words, _removed(function, variant, caller), **told)


def _removed(function: FunctionType, variant: Variant, caller: FunctionType) -> Install:
    where = (caller.__code__.co_filename, caller.__code__.co_qualname)

    @contextmanager
    def install() -> Iterator[None]:
        original = swap.copy_of(function)

        def handler(*args: Any, **kwargs: Any) -> Any:
            file, name = swap.called_from()
            inner = file == where[0] and (name == where[1] or name.startswith(f"{where[1]}.<locals>"))
            return variant.apply(original, args, kwargs) if inner else original(*args, **kwargs)

        with swap.code(function, swap.calling(handler, function)):
            yield

    return install


def _callers(function: FunctionType) -> list[FunctionType]:
    found = [each for each in _users().get(function.__name__, ()) if each is not function]
    return [each for each in found if _means(each, function)]


def _means(caller: FunctionType, function: FunctionType) -> bool:
    named = caller.__globals__.get(function.__name__)
    if named is not None:
        return swap.bare(named) is function
    return "." in function.__qualname__ and "<locals>" not in function.__qualname__


@cache
def _users() -> dict[str, list[FunctionType]]:
    """Return our functions by the names they use."""
    found: dict[str, list[FunctionType]] = {}
    for function in ours():
        for name in {name for code in codes(function.__code__) for name in code.co_names}:
            found.setdefault(name, []).append(function)
    return found


@cache
def ours() -> tuple[FunctionType, ...]:
    """Return every function and method of the product that is loaded, once each."""
    found: dict[int, FunctionType] = {}
    for name, module in sorted(sys.modules.items()):
        if name.partition(".")[0] in rooms() - {"demo"} and ".migrations." not in name:
            for each in _in_module(module):
                found.setdefault(id(each), each)
    return tuple(sorted(found.values(), key=lambda each: (each.__module__, each.__code__.co_firstlineno)))


def _in_module(module: ModuleType) -> Iterator[FunctionType]:
    for each in vars(module).values():
        if inspect.isclass(each) and each.__module__ == module.__name__:
            for value in vars(each).values():
                yield from _plain(getattr(value, "fget", None) or getattr(value, "__func__", value), module)
        else:
            yield from _plain(each, module)


def _plain(value: Any, module: ModuleType) -> Iterator[FunctionType]:
    value = swap.bare(value) if callable(value) else value
    if isinstance(value, FunctionType) and value.__module__ == module.__name__:
        yield value


# Row policies


def policies() -> Iterator[Mutant]:
    """Give the mutants of the row policies: each widened, then all of them at once."""
    details: dict[str, Any] = {"tests": ("tests/walls/test_rows.py", "tests/isolation/test_context.py")}
    narrow = [share for share in shares() if share.tenant_column]
    for words in ("USING (true)", "WITH CHECK (true)"):
        for share in narrow:
            yield Mutant(POLICIES, share.model, words, _widened([share], words), **details)
        yield Mutant(POLICIES, "all shared tables", words, _widened(narrow, words), **details)


def _widened(which: list[Share], words: str) -> Install:
    @contextmanager
    def install() -> Iterator[None]:
        _alter(which, words)
        try:
            yield
        finally:
            for share in which:
                mine = f"({share.tenant_column} = right(current_user, 32)::uuid)"
                _alter([share], f"USING {mine} WITH CHECK {mine}")

    return install


def _alter(which: list[Share], words: str) -> None:
    name = connections["default"].settings_dict["NAME"]
    with database.connect(name) as connection:
        for share in which:
            table = sql.Identifier(apps.get_model(share.model)._meta.db_table)
            connection.execute(sql.SQL(f"ALTER POLICY tenant_rows ON public.{{}} {words}").format(table))


# Permissions


def permissions() -> Iterator[Mutant]:
    """Give the mutants of the views' permissions: each lowered to what more people hold."""
    details: dict[str, Any] = {"tests": ("tests/walls/test_permissions.py",)}
    seen: set[Any] = set()
    for host in URLCONFS:
        for address in addresses(host):
            owner = getattr(address.view, "view_class", None) or getattr(address.view, "cls", None)
            if owner is None or owner in seen or getattr(owner, "permission", None) in {None, ANYONE}:
                continue
            seen.add(owner)
            for permission in weaker(owner.permission):
                yield Mutant(
                    PERMISSIONS,
                    dotted(owner),
                    f"right = {permission}",
                    _lowered(owner, permission),
                    **details,
                )


def weaker(permission: str) -> list[str]:
    """Return the rights that more people hold: reading the same things, being signed in, being anybody."""
    if permission in {SIGNED_IN, CONTACT}:
        return [ANYONE]
    groups = {each.key: each.group for area in ("tenant", "operator") for each in catalogue(area)}
    reading = [key for key, group in groups.items() if group == groups[permission] and key.endswith(".read")]
    return [*(key for key in reading if key != permission), SIGNED_IN]


def _lowered(owner: Any, permission: str) -> Install:
    @contextmanager
    def install() -> Iterator[None]:
        own = vars(owner).get("permission")
        owner.permission = permission
        try:
            yield
        finally:
            if own is None:
                del owner.permission
            else:
                owner.permission = own

    return install


# Scopes and tokens


def scopes() -> Iterator[Mutant]:
    """Give the mutants of what narrows rows: a filter's argument dropped, rows taken whole."""
    guards = {swap.bare(each) for kind in SCOPES for each in guarding()[kind]}
    callers = {each for guard in guards for each in _users().get(guard.__name__, ())}
    asking = {each for each in ours() if re.search(r"\.(views|api)\b", each.__module__)}
    for function in sorted(guards | callers | asking, key=dotted):
        names = frozenset(said for guard in guards if (said := _call_of(guard, function)))
        yield from _changed(SCOPE, function, is_guard=function in guards, names=names)


def _call_of(guard: FunctionType, caller: FunctionType) -> str:
    """Return how a function would write a call of a guard, "" when it can't mean this one."""
    name = guard.__name__
    if "." not in guard.__qualname__:
        return name if swap.bare(caller.__globals__.get(name)) is guard else ""
    return f".{name}" if "QuerySet." in guard.__qualname__ else f"self.{name}"


def tokens() -> Iterator[Mutant]:
    """Give the mutants of what looks at links, sessions and secrets: each check skipped."""
    for kind in CHECKS:
        for each in guarding()[kind]:
            yield from _changed(TOKENS, swap.bare(each), is_guard=True, names=frozenset())


def _changed(kind: str, function: FunctionType, *, is_guard: bool, names: frozenset[str]) -> Iterator[Mutant]:
    for change in changes(function, is_guard=is_guard, scopes=names):
        yield Mutant(
            kind, dotted(function), change.words, _compiled(function, change.code), function=function
        )


def _compiled(function: FunctionType, code: Callable[[], Any]) -> Install:
    @contextmanager
    def install() -> Iterator[None]:
        with ExitStack() as stack:
            function.__globals__[OPEN] = all_rows
            stack.callback(function.__globals__.pop, OPEN, None)
            stack.enter_context(swap.code(function, code()))
            yield

    return install


# Choosing


def chosen(mutants: Iterable[Mutant], what: list[str], changed: set[str]) -> list[Mutant]:
    """Return the mutants that any of these words means: a kind, a clause, a name, a file, "changed"."""
    mutants = list(mutants)
    if not what:
        return mutants
    return [each for each in mutants if any(_is_meant(each, word, changed) for word in what)]


def _is_meant(mutant: Mutant, word: str, changed: set[str]) -> bool:
    if word == "changed":
        return file_of(mutant) in changed
    if word == "guards":
        return mutant.kind in GUARDS
    return (
        word in {mutant.kind, *mutant.clauses}
        or f"{mutant.target}.".startswith(f"{word.rstrip('.')}.")
        or mutant.target.endswith(f".{word}")
        or (word.endswith(".py") and file_of(mutant) == _plain_path(word))
    )


def file_of(mutant: Mutant) -> str:
    """Return the file a mutant is in, "" for what is in the database."""
    module = mutant.target
    while module and module not in sys.modules:
        module = module.rpartition(".")[0]
    file = getattr(sys.modules.get(module), "__file__", "") or ""
    return _plain_path(file) if module else ""


def _plain_path(path: str) -> str:
    return str((Path(settings.BASE_DIR) / path).resolve().relative_to(Path(settings.BASE_DIR).resolve()))


def files_for(mutant: Mutant) -> set[str]:
    """Return the test files worth asking about a mutant, until a recording says better."""
    if mutant.tests:
        return set(mutant.tests)
    assert mutant.function is not None
    stems = {f"test_{re.sub(r'[^a-z0-9]+', '_', clause.lower())}_" for clause in mutant.clauses}
    words = re.compile(rf"\b({'|'.join(sorted(map(re.escape, _spoken(mutant.function))))})\b")
    found = {path for path, text in test_files().items() if _speaks_of(path, text, stems, words)}
    walls = {path for path in test_files() if path.startswith("tests/walls/")}
    return (found | walls - WRITTEN_DOWN) if mutant.kind in {SCOPE, TOKENS} else found - walls


def _spoken(function: FunctionType) -> set[str]:
    """Return the names by which a test may mean a function: its own, its module's, those of who calls it."""
    callers = {each.__name__ for each in _callers(function)}
    return {function.__name__, function.__module__, *(name for name in callers if "_" in name.strip("_"))}


def _speaks_of(path: str, text: str, stems: set[str], words: re.Pattern[str]) -> bool:
    name = path.rpartition("/")[2]
    return any(name.startswith(stem) for stem in stems) or bool(words.search(text))


@cache
def test_files() -> dict[str, str]:
    """Return the test files that may be run again and again, with their text: no browser, no processes."""
    base = Path(settings.BASE_DIR)
    apart = {"browser", "kill", "journeys", "mutation"}
    return {
        str(path.relative_to(base)): path.read_text(encoding="utf-8")
        for path in sorted((base / "tests").rglob("test_*.py"))
        if not apart & set(path.relative_to(base).parts)
    }
