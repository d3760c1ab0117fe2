"""What the audit trail asks of apps above it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_LABELS: dict[str, object] = {
    "accepted": _("accepted"),
    "activity": _("activity"),
    "after": _("after"),
    "amount_cents": _("amount in cents"),
    "areas": _("areas"),
    "before": _("before"),
    "birth_on": _("birth date"),
    "breach": _("breach"),
    "category": _("category"),
    "changed": _("changed"),
    "channel": _("which way it came"),
    "class_name": _("class"),
    "closed": _("closed"),
    "confirmed": _("confirmed"),
    "count": _("how many"),
    "country": _("country"),
    "covers": _("subjects covered"),
    "create": _("created"),
    "day": _("day"),
    "declaration": _("declaration"),
    "digest": _("digest"),
    "drill": _("drill"),
    "due_at": _("due"),
    "effects": _("likely consequences"),
    "email": _("e-mail"),
    "ended": _("ended"),
    "ends_on": _("ends on"),
    "expires_on": _("expires on"),
    "facts": _("what happened"),
    "fields": _("fields"),
    "files": _("files"),
    "first_name": _("first name"),
    "from": pgettext_lazy("what it was", "from"),
    "gross_cents": _("total in cents"),
    "ground": _("ground"),
    "guardians": _("guardians"),
    "handedness": _("handedness"),
    "hash": _("digest"),
    "how": _("how"),
    "informed_on": _("informed on"),
    "ip": _("network address"),
    "key": _("key"),
    "kind": _("kind"),
    "kinds": _("what changes"),
    "language": _("language"),
    "last_name": _("last name"),
    "level": _("level"),
    "line": _("line"),
    "links": _("links between guardians and pupils"),
    "lock_after_minutes": _("lock after (minutes)"),
    "may_write": _("may write"),
    "measures": _("measures taken"),
    "method": _("method"),
    "missing": _("not in the file"),
    "name": _("name"),
    "natures": _("nature of the breach"),
    "notifies": _("authority to be notified"),
    "number": _("number"),
    "origin": _("how it came"),
    "path": _("page"),
    "photos": _("photos"),
    "planned_on": _("planned for"),
    "preferred_last_name": _("preferred last name"),
    "proof": _("proof"),
    "reach": _("reach"),
    "reason": _("reason"),
    "refused": _("refused"),
    "removed_on": _("removed on"),
    "right": _("right"),
    "rights": _("rights"),
    "role": _("role"),
    "rows": _("rows"),
    "schema_version": _("version"),
    "score": _("score"),
    "worked": _("came back whole"),
    "settlement": _("what became of it"),
    "size": _("size"),
    "slug": _("address"),
    "starts_on": _("starts on"),
    "state": _("state"),
    "step": _("step"),
    "subdivision": _("region for public holidays"),
    "subject": _("about whom"),
    "systems": _("systems"),
    "teachers": _("teachers"),
    "tells": _("people to be told"),
    "tenants": _("tenants"),
    "text": _("text"),
    "timezone": _("time zone"),
    "to": _("to"),
    "told": _("customers told"),
    "unchanged": _("unchanged"),
    "undo_until": _("can be undone until"),
    "update": _("changed"),
    "username": _("user name"),
    "uses_gar": _("people come by GAR"),
    "who": _("who"),
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


def register_action_labels(known: Mapping[str, object]) -> None:
    """Register what verbs are called on screen (lazy translations), by verb."""
    _WORDS.update(known)


def action_label(verb: str) -> str:
    """Return what a verb is called on screen, or the verb itself while no app has said."""
    return str(_WORDS.get(verb, verb))


_VALUES: dict[str, dict[str, object]] = {
    fact: {"True": _("yes"), "False": _("no")}
    for fact in ("may_write", "drill", "notifies", "tells", "uses_gar")
}


def register_value_labels(known: Mapping[str, Mapping[str, object]]) -> None:
    """Register what the values of details are called on screen (lazy translations), by detail."""
    for fact, values in known.items():
        _VALUES.setdefault(fact, {}).update(values)


def value_label(fact: str, value: str) -> str:
    """Return what a value of a detail is called on screen, or the value itself: a name, a number, a text.

    Where the details are themselves named, as fields are, they are called as elsewhere.
    """
    if fact == "fields":
        return label_of(value)
    return str(_VALUES.get(fact, {}).get(value, value))


def label_of(fact: str) -> str:
    """Return what a detail of an entry is called on screen, or its own name."""
    return str(_LABELS.get(fact, fact.replace("_", " ")))
