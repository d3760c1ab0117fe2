"""Stories: which marked functions ran while a promise was played through the product's doors.

A test marked `@pytest.mark.story("LG-S19", door="page", fr="…")` fails when none of the functions that keep
its clauses ran: it would have told of something else.
"""

import cProfile
import threading
from collections.abc import Iterator
from types import CodeType
from typing import Any

import pytest

from contracts.policy.clauses import marked

DOORS = ("page", "api", "command", "agenda", "mail")


class Recorder:
    """Remembers the code that runs while it listens, in this thread and in those begun meanwhile.

    The profiler of the standard library listens: a function called at each step would take as long as the
    story.
    """

    def __init__(self) -> None:
        self.listening: list[cProfile.Profile] = []

    def __call__(self, *begun: Any) -> None:
        """Listen in the thread that called."""
        profile = cProfile.Profile(builtins=False)
        self.listening.append(profile)
        profile.enable()

    def __enter__(self) -> "Recorder":
        threading.setprofile(self)
        self()
        return self

    def __exit__(self, *error: object) -> None:
        self.listening[0].disable()
        threading.setprofile(None)

    @property
    def ran(self) -> set[CodeType]:
        """Return the code that was called."""
        return {entry.code for each in self.listening for entry in each.getstats()}


def codes_of(clause: str) -> set[CodeType]:
    """Return the code of the functions marked with a clause, methods of a marked class among them."""
    found: set[CodeType] = set()
    for function in marked().get(clause, ()):
        if isinstance(function, type):
            found |= {each.__code__ for each in vars(function).values() if hasattr(each, "__code__")}
        else:
            found.add(_bare(function).__code__)
    return found


def _bare(function: Any) -> Any:
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    return function


def not_run(ids: tuple[str, ...], ran: set[CodeType]) -> list[str]:
    """Return the clauses of which no marked function ran."""
    return [clause for clause in ids if not codes_of(clause) & ran]


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Iterator[None]:
    """Play a story while listening; fail it when it ran nothing of the clauses it is told for."""
    mark = pyfuncitem.get_closest_marker("story")
    if mark is None:
        return (yield)
    with Recorder() as recorder:
        outcome = yield
    silent = not_run(mark.args, recorder.ran)
    if silent:
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
