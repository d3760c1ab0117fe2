"""What the audit trail asks of apps above it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_LABELS: dict[str, object] = {
    "activity": _("activity"),
    "amount_cents": _("amount in cents"),
    "count": _("how many"),
    "email": _("e-mail"),
    "fields": _("fields"),
    "files": _("files"),
    "from": pgettext_lazy("what it was", "from"),
    "gross_cents": _("total in cents"),
    "ip": _("network address"),
    "key": _("key"),
    "kind": _("kind"),
    "line": _("line"),
    "method": _("method"),
    "name": _("name"),
    "number": _("number"),
    "path": _("page"),
    "photos": _("photos"),
    "reason": _("reason"),
    "right": _("right"),
    "rights": _("rights"),
    "role": _("role"),
    "rows": _("rows"),
    "score": _("score"),
    "size": _("size"),
    "slug": _("address"),
    "state": _("state"),
    "tenants": _("tenants"),
    "text": _("text"),
    "to": _("to"),
    "undo_until": _("can be undone until"),
    "word": _("at the word of"),
}
_LEDGERS: list[Callable[[], Iterable[UUID]]] = []
_NAMERS: list[Callable[[list[UUID]], dict[UUID, str]]] = []


def erasure_ledger(read: Callable[[], Iterable[UUID]]) -> None:
    """Register where the ids of erased people are read: only theirs may lack a personal part."""
    _LEDGERS.append(read)


def erased_people() -> set[UUID]:
    """Return the ids of all people the erasure ledger names."""
    return {person for read in _LEDGERS for person in read()}


def register_name_lookup(look_up: Callable[[list[UUID]], dict[UUID, str]]) -> None:
    """Register who can tell the names of people by id, for the pages of the trail."""
    _NAMERS.append(look_up)


def names_for(ids: list[UUID]) -> dict[UUID, str]:
    """Return the names known for these ids."""
    found: dict[UUID, str] = {}
    for look_up in _NAMERS:
        found |= look_up(ids)
    return found


@dataclass(frozen=True, slots=True)
class ActionMatch:
    """An act the trail tells of by its verb, and where that isn't enough by its facts."""

    verb: str
    facts: Mapping[str, object] = field(default_factory=dict)


_ACTS: dict[str, tuple[ActionMatch, ...]] = {}


def register_evidence(acts: Mapping[str, Iterable[ActionMatch]]) -> None:
    """Register the acts that keep a clause each time they happen, by clause.

    Those nobody has to owe first.
    """
    _ACTS.update({clause: tuple(known) for clause, known in acts.items()})


def acts_of(clause: str) -> tuple[ActionMatch, ...]:
    """Return the acts that keep a clause, none where a promise with its time does."""
    return _ACTS.get(clause, ())


_WORDS: dict[str, object] = {
    "signing_key.rotated": _("Signing key replaced"),
    "trail.restored": _("Trail goes on from a restored backup"),
}


def register_action_labels(known: dict[str, object]) -> None:
    """Register what verbs are called on screen (lazy translations), by verb."""
    _WORDS.update(known)


def action_label(verb: str) -> str:
    """Return what a verb is called on screen, or the verb itself while no app has said."""
    return str(_WORDS.get(verb, verb))


def label_of(fact: str) -> str:
    """Return what a detail of an entry is called on screen, or its own name."""
    return str(_LABELS.get(fact, fact.replace("_", " ")))
