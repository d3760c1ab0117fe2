"""What a view runs, read from its code: the functions and classes of ours it names, and what these name."""

import inspect
from collections.abc import Iterator
from functools import cache
from types import CodeType, FunctionType
from typing import Any

from django.conf import settings

from isolation.policy.guards import guarding

SRC = str(settings.BASE_DIR / "src")
DEEP = 6


@cache
def rooms() -> frozenset[str]:
    """Return the names of our rooms."""
    return frozenset(path.name for path in (settings.BASE_DIR / "src").iterdir() if path.is_dir())


def is_ours(thing: Any) -> bool:
    """Return whether a function or class was written here."""
    return getattr(thing, "__module__", "").partition(".")[0] in rooms()


def bare(function: Any) -> Any:
    """Return a function without what was wrapped around it."""
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    return function


def codes(code: CodeType) -> Iterator[CodeType]:
    """Return a code and those inside it: comprehensions, functions within."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes(constant)


def names(function: FunctionType) -> set[str]:
    """Return every name a function uses, attributes among them."""
    return {name for code in codes(function.__code__) for name in (*code.co_names, *code.co_freevars)}


def texts(function: FunctionType) -> set[str]:
    """Return every text written in a function."""
    found = set()
    for code in codes(function.__code__):
        for constant in code.co_consts:
            if isinstance(constant, str):
                found.add(constant)
            elif isinstance(constant, tuple | frozenset):
                found |= {each for each in constant if isinstance(each, str)}
    return found


def methods_of(owner: type) -> dict[str, FunctionType]:
    """Return the functions of a class that are ours, those it inherits from us too, by their name."""
    found: dict[str, FunctionType] = {}
    for base in reversed(owner.__mro__):
        if is_ours(base):
            for name, value in vars(base).items():
                value = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
                value = bare(value)
                if isinstance(value, FunctionType):
                    found[name] = value
    return found


def reached(view: Any) -> tuple[frozenset[FunctionType], frozenset[type]]:
    """Return the functions and the classes of ours that a view may run."""
    start = getattr(view, "view_class", None) or getattr(view, "cls", None) or bare(view)
    return _reached(start)


@cache
def _reached(start: Any) -> tuple[frozenset[FunctionType], frozenset[type]]:
    functions: set[FunctionType] = set()
    classes: set[type] = set()
    waiting: list[tuple[Any, type | None, int]] = [(start, None, 0)]
    while waiting:
        thing, owner, depth = waiting.pop()
        if inspect.isclass(thing):
            if thing in classes or not is_ours(thing):
                continue
            classes.add(thing)
            if not hasattr(thing, "_meta") or not hasattr(thing, "home"):  # a model's rows aren't its methods
                waiting += [(each, thing, depth + 1) for each in methods_of(thing).values()]
            waiting += [(value, None, depth + 1) for value in vars(thing).values() if inspect.isclass(value)]
        elif isinstance(thing, FunctionType) and thing not in functions and is_ours(thing):
            functions.add(thing)
            if depth < DEEP:
                waiting += [(each, owner, depth + 1) for each in _named(thing)]
    return frozenset(functions), frozenset(classes)


def _named(function: FunctionType) -> Iterator[Any]:
    for name in names(function):
        value = bare(function.__globals__.get(name))
        if inspect.isclass(value) or isinstance(value, FunctionType):
            yield value
        elif name in _by_bare_name():
            yield _by_bare_name()[name]


@cache
def _by_bare_name() -> dict[str, FunctionType]:
    """Return the guards that are a query set's, by the name they are called by wherever it came from."""
    marked = [bare(each) for found in guarding().values() for each in found]
    return {each.__name__: each for each in marked if "QuerySet." in each.__qualname__}


def guards_of(view: Any) -> frozenset[str]:
    """Return the kinds of guards a view runs."""
    functions, _classes = reached(view)
    return frozenset(
        kind for kind, found in guarding().items() if any(bare(each) in functions for each in found)
    )
