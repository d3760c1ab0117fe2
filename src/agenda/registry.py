"""Who keeps which promise, and who writes which message: apps above register themselves here."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from contracts.policy.words import SCHOOL

Where = Literal["tenant", "operator", "outside"]
Opener = Literal["tenant", "place", "operator"]


class Kept(dict[str, Any]):
    """What a keeper returns when it did what was promised: what, when, by how much; ids, counts, no name.

    `at` is when it happened, where that was before the keeper looked: a mail is kept when it left.
    """

    def __init__(self, *, at: datetime | None = None, **facts: Any) -> None:
        super().__init__(**facts)
        self.at = at


class Moot(dict[str, Any]):
    """What a keeper returns when nothing stands any more that asks for it, and why."""

    def __init__(self, why: str, **facts: Any) -> None:
        super().__init__(why=why, **facts)


@dataclass(frozen=True, slots=True)
class Again:
    """What a keeper returns when it isn't done: commit this step and come back at `run_at`."""

    run_at: datetime


Outcome = Kept | Moot | Again


def kept_or_moot(happened: object, why: str, **facts: Any) -> Kept | Moot:
    """Return that it was done, with these facts, or that nothing asked for it any more, and why."""
    return Kept(**facts) if happened else Moot(why)


@dataclass(frozen=True, slots=True)
class Filing:
    """With whose papers a message is kept as it was sent, what it speaks of, and what of it lets in and isn't
    kept.
    """

    owner: UUID
    about: Sequence[UUID] = ()
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """A message ready to be rendered: to whom, with what, in which language, and whether it is kept."""

    to: list[str]
    context: dict[str, Any]
    language: str = "fr"
    attachments: Sequence[tuple[str, bytes, str]] = field(default=())
    filing: Filing | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A message in its reader's words, as it leaves: its key in the outbox, its template, its bytes."""

    key: str
    template: str
    to: Sequence[str]
    subject: str
    content: bytes
    filing: Filing


Archive = Callable[[Written, datetime], object]
Keeper = Callable[..., Outcome]
Writer = Callable[[Mapping[str, str]], Mail | None]


@dataclass(frozen=True, slots=True)
class Registration:
    """A registered keeper, where it runs, and who may promise it."""

    keep: Keeper
    where: Where
    opened_by: Opener


Following = Callable[[Any, datetime], datetime | None]

_FOLLOWING: dict[tuple[str, str], Following] = {}
_KEEPERS: dict[tuple[str, str], Registration] = {}
_WRITERS: dict[str, Writer] = {}
_TEMPLATES: dict[str, str] = {}
_ARCHIVES: dict[str, Archive] = {}


class NoKeeper(Exception):
    """Raised when a promise is due that nobody has said how to keep."""


def keeper(
    clause: str, *, where: Where, kind: str = "", opened_by: Opener | None = None
) -> Callable[[Keeper], Keeper]:
    """Register the function called as `f(obligation, now=…)` when a promise of this clause and kind is due.

    `where`: inside its tenant, as the operator, or outside of any transaction. `opened_by`: a tenant promises
    what is kept inside it; what the operator keeps only when it says so, of anything or of the tenant itself
    ("place"). The database holds tenants to it.
    """
    who = opened_by or ("tenant" if where == "tenant" else "operator")

    def register(function: Keeper) -> Keeper:
        known = _KEEPERS.setdefault((clause, kind), Registration(function, where, who))
        if known.keep is not function:
            raise ValueError(f"{clause} {kind} has a keeper already: {known.keep.__qualname__}")
        return function

    return register


def keeper_of(clause: str, kind: str) -> Registration:
    """Return the keeper of a promise. Raises NoKeeper."""
    try:
        return _KEEPERS[clause, kind]
    except KeyError:
        raise NoKeeper(f"no keeper for {clause} {kind}".strip()) from None


def keepers() -> dict[tuple[str, str], Registration]:
    """Return all keepers by clause and kind."""
    return dict(_KEEPERS)


def kinds_opened_by(opener: Opener) -> list[tuple[str, str]]:
    """Return the clause and kind of what somebody may promise, in order."""
    return sorted(key for key, known in _KEEPERS.items() if known.opened_by == opener)


def recurs(clause: str, *, kind: str = "") -> Callable[[Following], Following]:
    """Register the function that tells when a promise that is promised anew each time runs after it ran at a
    moment: `f(obligation, ran_at)`. A forecast asks it.
    """

    def register(function: Following) -> Following:
        _FOLLOWING[clause, kind] = function
        return function

    return register


def following(obligation: Any, ran_at: datetime) -> datetime | None:
    """Return when a promise runs again after it ran at a moment, None for one that is kept once."""
    found = _FOLLOWING.get((obligation.clause, obligation.kind))
    return found(obligation, ran_at) if found else None


def message(key: str, *, template: str = "") -> Callable[[Writer], Writer]:
    """Register the function that turns a message's ids into a Mail, or None when it has become moot.

    The key lies in the outbox and never changes; the template, by default the app's `mail/` folder and the
    rest of the key, may move.
    """

    def register(function: Writer) -> Writer:
        _WRITERS[key] = function
        _TEMPLATES[key] = template or template_of(key)
        return function

    return register


def template_of(key: str) -> str:
    """Return where the words of a message are, without the ending."""
    app, _slash, name = key.partition("/")
    return _TEMPLATES.get(key, f"{app}/mail/{name}")


def writer_of(template: str) -> Writer:
    """Return the writer of a message. Raises KeyError when no app registered it."""
    return _WRITERS[template]


def archives(app: str) -> Callable[[Archive], Archive]:
    """Register the function called as `f(written, now)` for the messages of an app: it keeps one with the
    step that sends it.
    """

    def register(function: Archive) -> Archive:
        _ARCHIVES[app] = function
        return function

    return register


def archive(written: Written | None, now: datetime) -> None:
    """Have a message kept that is about to leave, if it is one that is kept."""
    keep = _ARCHIVES.get(written.template.partition("/")[0]) if written else None
    if written and keep:
        keep(written, now)


@dataclass(frozen=True, slots=True)
class Places:
    """How tenants are called, which are called so, and whose words are spoken in the one we are inside.

    Known to an app above.
    """

    names: Callable[[Collection[UUID]], Mapping[UUID, str]]
    find: Callable[[str], Collection[UUID]]
    words: Callable[[datetime], str]


_PLACES: list[Places] = []


def register_places(places: Places) -> None:
    """Let the agenda name tenants."""
    _PLACES[:] = [places]


def places() -> Places:
    """Return how tenants are called; nobody is, where no app said it."""
    return _PLACES[0] if _PLACES else Places(lambda _ids: {}, lambda _words: (), lambda _now: SCHOOL)
