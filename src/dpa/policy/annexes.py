"""The annexes of the agreement on data: what is missing from them, and what two versions of them differ in.

They are one content: by annex ("a" to "d"), by the key of an item, by the name of a field.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from json import dumps

from contracts.policy.clauses import keeps
from contracts.policy.months import months_after
from dpa.policy.processors import EEA

Value = str | int | bool | list[str]
Item = Mapping[str, Value]
Content = Mapping[str, Mapping[str, Item]]

PROVED_MONTHS = 5 * 12
CONTROLLER = "controller"
CONTACTS = ("controller", "address", "representative", "email")
OFFICER = ("officer", "officer_email")
PURPOSES = ("purpose", "legal_basis")


class Annex(StrEnum):
    """The annexes, in their order."""

    CONTACTS = "a"
    PROCESSING = "b"
    PROCESSORS = "c"
    SECURITY = "d"


class DiffKind(StrEnum):
    """What became of an item or of one of its fields."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Missing:
    """A field that is not filled in: of which annex, of which item."""

    annex: Annex
    key: str
    field: str


@dataclass(frozen=True, slots=True)
class Difference:
    """An item of an annex that was added or removed, or a field of one that changed."""

    annex: Annex
    key: str
    kind: DiffKind
    field: str = ""
    before: Value = ""
    after: Value = ""


class Incomplete(Exception):
    """Raised when annexes are accepted that something is missing from."""

    def __init__(self, missing: list[Missing]) -> None:
        """Keep what is missing."""
        super().__init__(missing)
        self.missing = missing


class ChangedSince(Exception):
    """Raised when annexes are accepted that are no longer what was read."""


class NothingNew(Exception):
    """Raised when the annexes are what was accepted last."""


@keeps("LG-D4")
def missing_from(content: Content) -> list[Missing]:
    """Return what the controller has still to fill in, in the order of the annexes.

    Of annex A who it is, who speaks for it and its data protection officer, where it has one; of annex B the
    purpose and the legal basis of each category.
    """
    controller = content[Annex.CONTACTS].get(CONTROLLER, {})
    asked = CONTACTS if controller.get("without_officer") else CONTACTS + OFFICER
    found = [
        Missing(Annex.CONTACTS, CONTROLLER, name) for name in asked if not _is_said(controller.get(name))
    ]
    for key, item in content[Annex.PROCESSING].items():
        found += [Missing(Annex.PROCESSING, key, name) for name in PURPOSES if not _is_said(item.get(name))]
    return found


def _is_said(value: Value | None) -> bool:
    return bool(value.strip() if isinstance(value, str) else value)


@keeps("LG-D4")
def differences(before: Content, after: Content) -> list[Difference]:
    """Return what was added, removed and changed between two contents, in the order of the annexes."""
    return [
        each
        for annex in Annex
        for key in dict.fromkeys([*before.get(annex, {}), *after.get(annex, {})])
        for each in _of_item(annex, key, before.get(annex, {}).get(key), after.get(annex, {}).get(key))
    ]


def _of_item(annex: Annex, key: str, before: Item | None, after: Item | None) -> Iterator[Difference]:
    if before is None:
        yield Difference(annex, key, DiffKind.ADDED)
    elif after is None:
        yield Difference(annex, key, DiffKind.REMOVED)
    else:
        for name in dict.fromkeys([*before, *after]):
            old, new = before.get(name, ""), after.get(name, "")
            if old != new:
                yield Difference(annex, key, DiffKind.CHANGED, name, old, new)


@keeps("LG-D4")
def check_acceptance(content: Content, *, read: str, accepted: Content | None) -> None:
    """Refuse to accept annexes that are incomplete, not those that were read, or accepted already.

    `read` is the digest of what was read. Raises Incomplete, ChangedSince, NothingNew.
    """
    if missing := missing_from(content):
        raise Incomplete(missing)
    if digest(content) != read:
        raise ChangedSince
    if accepted is not None and not differences(accepted, content):
        raise NothingNew


@dataclass(frozen=True, slots=True)
class Activity:
    """A processing as a record of processing lists it: who gets the data, and who outside of the EEA."""

    key: str
    item: Item
    recipients: tuple[Item, ...]
    transfers: tuple[Item, ...]


@keeps("LG-D4")
def activities(content: Content) -> list[Activity]:
    """Return the processing that annexes B and C describe (GDPR 30-1): for each category, whom it reaches."""
    return [
        Activity(key, item, *_reached(key, content[Annex.PROCESSORS].values()))
        for key, item in content[Annex.PROCESSING].items()
    ]


def _reached(category: str, processors: Iterable[Item]) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    recipients = tuple(one for one in processors if _gets(one, category))
    return recipients, transfers(recipients)


def _gets(processor: Item, category: str) -> bool:
    categories = processor.get("categories")
    return isinstance(categories, list) and category in categories


@keeps("LG-D4", "LG-D9")
def transfers(processors: Iterable[Item]) -> tuple[Item, ...]:
    """Return the sub-processors whose data leaves the European Economic Area."""
    return tuple(one for one in processors if one.get("country") not in EEA)


def digest(content: Content) -> str:
    """Return what tells a content from any other: the SHA-256 of its JSON, its keys in order."""
    return sha256(dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def annexes_kept_until(erased_on: date) -> date:
    """Return the day on which accepted annexes go: five years after the tenant's data did.

    Until then either party may have to prove what was agreed (civil code, article 2224).
    """
    return months_after(erased_on, PROVED_MONTHS)
