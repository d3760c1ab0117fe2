"""Guards: the mark on what keeps a page to somebody's own, and on what looks at a token."""

from collections.abc import Callable
from typing import Any, TypeVar

Guard = TypeVar("Guard", bound=Callable[..., Any])

SCOPES = ("circle", "family", "household", "contact", "own")  # whose rows are left
CHECKS = ("token",)  # whether a link, a session or a secret still opens anything

_GUARDS: dict[str, list[Callable[..., Any]]] = {kind: [] for kind in (*SCOPES, *CHECKS)}


def guards(kind: str) -> Callable[[Guard], Guard]:
    """Return a decorator that marks the function that keeps this guard; the function itself stays as it is.

    Raises ValueError on a kind there isn't.
    """
    if kind not in _GUARDS:
        raise ValueError(f"no such guard: {kind!r}")

    def mark(function: Guard) -> Guard:
        function.__guards__ = kind  # type: ignore[attr-defined]
        _GUARDS[kind].append(function)
        return function

    return mark


def guarding() -> dict[str, tuple[Callable[..., Any], ...]]:
    """Return the functions marked so far by the kind of their guard, each by its name."""
    return {
        kind: tuple(sorted(found, key=lambda each: f"{each.__module__}.{each.__qualname__}"))
        for kind, found in _GUARDS.items()
    }
