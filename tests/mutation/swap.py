"""Putting something in the place of a function, wherever it was imported to: its code is exchanged."""

import functools
import gc
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FunctionType
from typing import Any

from django.core.cache import cache

_WRAPPERS = ("contextlib.py", "functools.py", "/transaction.py", "mutation/swap.py", "mutation/values.py")
_SOURCE = "def stand_in(*args, **kwargs):\n    return 'HANDLER'(*args, **kwargs)\n"


def bare(function: Any) -> Any:
    """Return a function without what was wrapped around it."""
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    return function


def copy_of(function: FunctionType) -> FunctionType:
    """Return the function as it is now, under another object."""
    parts = (function.__globals__, function.__name__, function.__defaults__, function.__closure__)
    copy = FunctionType(function.__code__, *parts)
    copy.__kwdefaults__ = function.__kwdefaults__
    copy.__annotations__ = function.__annotations__
    return copy


@contextmanager
def code(function: FunctionType, instead: CodeType) -> Iterator[None]:
    """Run another code whenever a function is called, by whatever name."""
    kept = function.__code__
    function.__code__ = instead
    try:
        yield
    finally:
        function.__code__ = kept


def calling(handler: Callable[..., Any], function: FunctionType) -> CodeType:
    """Return a code for a function that hands its arguments to `handler` and returns what that returns."""
    made: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        exec(compile(_SOURCE, "stand_in", "exec"), made)
    template: CodeType = made["stand_in"].__code__
    own = function.__code__
    return template.replace(
        co_consts=tuple(handler if each == "HANDLER" else each for each in template.co_consts),
        co_name=own.co_name,
        co_qualname=own.co_qualname,
        co_filename=own.co_filename,
        co_firstlineno=own.co_firstlineno,
        co_freevars=own.co_freevars,
    )


def called_from() -> tuple[str, str]:
    """Return the file and the function that called what a handler stands in for, wrappers left out."""
    frame = sys._getframe(3)  # this function, the handler, the code that hands over to it, who called
    while frame.f_back is not None and frame.f_code.co_filename.endswith(_WRAPPERS):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_code.co_qualname


def forget(rooms: frozenset[str]) -> None:
    """Forget what was computed before: caches of our functions, and the cache."""
    for each in gc.get_objects():
        if type(each) is functools._lru_cache_wrapper and each.__module__.partition(".")[0] in rooms:
            each.cache_clear()
    cache.clear()
