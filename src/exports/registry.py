"""Who builds which export: apps above register what they know of people and tables."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: the person, the reach of `students.read`, and the kinds of export open to them."""

    person: Any
    scope: str | None
    kinds: frozenset[str]


class Out(Protocol):
    """Where a step puts the files it makes."""

    def folder(self, *names: str) -> None:
        """Say under which folder of the archive this step's files go; two of the same name are told apart."""

    def speaks_of(self, ids: Iterable[UUID]) -> None:
        """Say of what else this step's files speak: it is added to what the export is about."""

    def put(self, path: str, content: bytes) -> None:
        """Put a file."""

    def lines(self, path: str, lines: Iterable[str]) -> None:
        """Put a text, line by line, without holding it in memory."""

    def stored(self, path: str, name: str) -> None:
        """Put a file that lies in the storage already, as it is when the archive is made."""


Choices = Callable[[Asker], Sequence[tuple[UUID | None, str]]]
About = Callable[[Any], Sequence[UUID]]
Steps = Callable[[Any], Sequence[str]]
Part = Callable[[Any, str, Out, datetime], None]
StillOpen = Callable[[Any, datetime], bool]


def _always(_job: Any, _now: datetime) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Builder:
    """How one kind of export is chosen, planned and built, step by step."""

    kind: str
    label: str | Promise
    help: str | Promise
    choices: Choices
    about: About
    steps: Steps
    part: Part
    title: Callable[[Any], str]
    still_open: StillOpen


_BUILDERS: dict[str, Builder] = {}


def builder(
    kind: str,
    *,
    label: str | Promise,
    help: str | Promise,
    choices: Choices,
    about: About,
    steps: Steps,
    part: Part,
    title: Callable[[Any], str],
    still_open: StillOpen = _always,
) -> None:
    """Register a kind of export.

    `choices(asker)` gives what may be asked for, as (subject, words): nothing else is accepted. `about(job)`
    gives the ids of all it holds data of; `steps(job)` the steps in order; `part(job, step, out, now)` makes
    one of them; `title(job)` is what the archive is called; `still_open(job, now)` whether all it holds may
    still be read by who asked, looked at each time it is fetched.
    """
    _BUILDERS[kind] = Builder(kind, label, help, choices, about, steps, part, title, still_open)


def builder_of(kind: str) -> Builder:
    """Return a kind's builder. Raises KeyError."""
    return _BUILDERS[kind]


def builders(kinds: Iterable[str]) -> list[Builder]:
    """Return the builders of these kinds, in the order they were registered."""
    wanted = set(kinds)
    return [found for kind, found in _BUILDERS.items() if kind in wanted]
