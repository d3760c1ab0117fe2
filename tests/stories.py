"""Stories: which marked functions ran while a promise was played through the product's doors.

A test marked `@pytest.mark.story("LG-S19", door="page", fr="…")` fails when none of the functions that keep
its clauses ran: it would have told of something else.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import FunctionType
from typing import Any

import pytest

from contracts.policy.clauses import marked
from tests.mutation.swap import bare, calling, code, copy_of

DOORS = ("page", "api", "command", "agenda", "mail")


class Recorder:
    """Remembers which functions of some clauses are called while it listens, in whatever thread.

    Each is exchanged for one that notes its call: nothing else takes longer.
    """

    def __init__(self, clauses: tuple[str, ...]) -> None:
        self.clauses = clauses
        self.ran: set[FunctionType] = set()
        self._exchanged = ExitStack()

    def __enter__(self) -> "Recorder":
        for function in {each for clause in self.clauses for each in functions_of(clause)}:
            self._exchanged.enter_context(code(function, calling(self._noting(function), function)))
        return self

    def __exit__(self, *error: object) -> None:
        self._exchanged.close()

    def _noting(self, function: FunctionType) -> Callable[..., Any]:
        own = copy_of(function)

        def noted(*args: Any, **kwargs: Any) -> Any:
            self.ran.add(function)
            return own(*args, **kwargs)

        return noted

    @property
    def silent(self) -> list[str]:
        """Return the clauses of which no marked function ran."""
        return [clause for clause in self.clauses if not functions_of(clause) & self.ran]


def functions_of(clause: str) -> set[FunctionType]:
    """Return the functions marked with a clause, methods of a marked class among them."""
    found: set[FunctionType] = set()
    for function in marked().get(clause, ()):
        if isinstance(function, type):
            found |= {each for each in vars(function).values() if isinstance(each, FunctionType)}
        else:
            found.add(bare(function))
    return found


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Iterator[None]:
    """Play a story while listening; fail it when it ran nothing of the clauses it is told for."""
    mark = pyfuncitem.get_closest_marker("story")
    if mark is None:
        return (yield)
    with Recorder(mark.args) as recorder:
        outcome = yield
    if silent := recorder.silent:
        pytest.fail(f"this story ran no function that keeps {', '.join(silent)}", pytrace=False)
    return outcome


def pytest_configure(config: pytest.Config) -> None:
    """Say what the mark means."""
    config.addinivalue_line(
        "markers",
        "story(*clauses, door, fr): a promise played through the doors, with one thing changed halfway",
    )
    config.addinivalue_line(
        "markers", "contradicts(*clauses, fr): an expected failure that shows that these are not so yet"
    )
