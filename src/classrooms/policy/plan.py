"""What an import would do: created, changed, unchanged, missing and refused, before anything is done."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from uuid import UUID

from classrooms.policy.csv_file import GUARDIANS, RowError
from classrooms.policy.guardians import Child, GuardianRow
from classrooms.policy.matching import Key, Known, Register, keys
from classrooms.policy.names import name_key
from classrooms.policy.onde import StudentRow
from classrooms.policy.removals import NOTHING, Memory, Removed, folded_keys

COMPARED = ("last_name", "preferred_last_name", "first_name", "birth_on", "level", "class_name")
NEW = "new"
Choices = Mapping[int, UUID | str]
Back = Collection[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one pupil: what it was, what it becomes."""

    field: str
    old: str | date
    new: str | date


@dataclass(frozen=True, slots=True)
class Created:
    """A pupil to be created; `alike` are known pupils of the same names with another birth date."""

    row: StudentRow
    emails: frozenset[str] = frozenset()
    alike: tuple[Known, ...] = ()


@dataclass(frozen=True, slots=True)
class Recognised:
    """A pupil who is known: with changes, or new guardians, or neither."""

    row: StudentRow
    known: Known
    changes: tuple[Change, ...] = ()
    emails: frozenset[str] = frozenset()

    @property
    def is_changed(self) -> bool:
        """Return whether applying would change anything about this pupil."""
        return bool(self.changes or self.emails)


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A row that may mean several pupils, or that says of one pupil two different things."""

    row: StudentRow
    candidates: tuple[Known, ...]


@dataclass(frozen=True, slots=True)
class RemovalQuestion:
    """A pupil, or with an address a guardian of one, whom a file brings back though they were removed.

    Left out unless somebody chose otherwise.
    """

    row: StudentRow
    removed: Removed
    email: str = ""
    is_back: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """All an import would do."""

    created: tuple[Created, ...] = ()
    changed: tuple[Recognised, ...] = ()
    unchanged: tuple[Recognised, ...] = ()
    missing: tuple[Known, ...] = ()
    ambiguous: tuple[Ambiguous, ...] = ()
    refused: tuple[RowError, ...] = ()
    asked: tuple[RemovalQuestion, ...] = ()

    @property
    def left_out(self) -> tuple[RemovalQuestion, ...]:
        """Return those who were removed and stay so."""
        return tuple(one for one in self.asked if not one.is_back)

    @property
    def adding(self) -> int:
        """Return how many more pupils would be active: the new ones, and those who come back."""
        return len(self.created) + sum(pupil.known.left_on is not None for pupil in self.changed)

    def fingerprint(self) -> str:
        """Return a digest of what would be done: the same as long as the same would be done."""
        done = (
            [(c.row, sorted(c.emails)) for c in self.created],
            [(r.known.id, r.changes, sorted(r.emails)) for r in self.changed],
        )
        return sha256(repr(done).encode()).hexdigest()


def plan_import(
    rows: Sequence[StudentRow],
    known: Collection[Known],
    *,
    guardians: Sequence[GuardianRow] = (),
    choices: Choices | None = None,
    memory: Memory = NOTHING,
    back: Back = (),
) -> Plan:
    """Return what importing these rows would do to the pupils a school knows.

    A row that may mean several pupils, or the second line about one pupil, is refused until `choices` says
    for its line which pupil is meant, or NEW. Known pupils nobody's row means are missing; nothing is ever
    done to them. A file of which no row can be used says nothing about anybody.

    Whom `memory` knows as removed is asked about and left out, unless `back` holds their line, with the
    address of a guardian or "" for the pupil.
    """
    if not rows:
        return Plan()
    asking = _Asking(memory, frozenset(back))
    plan = _Planner(known, choices or {}, asking).pupils(rows)
    return _with_guardians(plan, guardians, asking) if guardians else plan


class _Asking:
    """What is asked about those who were removed, and what was chosen."""

    def __init__(self, memory: Memory, back: frozenset[tuple[int, str]]):
        self.memory = memory
        self.back = back

    def student(self, row: StudentRow) -> RemovalQuestion | None:
        removed = self.memory.student(_names(row))
        return RemovalQuestion(row, removed, is_back=(row.line, "") in self.back) if removed else None

    def guardians(self, row: StudentRow, emails: Iterable[str]) -> list[RemovalQuestion]:
        found = ((email, self.memory.guardian(email, _names(row))) for email in sorted(emails))
        return [
            RemovalQuestion(row, removed, email, (row.line, email) in self.back)
            for email, removed in found
            if removed
        ]


def _names(row: StudentRow) -> tuple[Key, ...]:
    return folded_keys(row.last_name, row.preferred_last_name, row.first_name, row.birth_on)


class _Planner:
    def __init__(self, known: Collection[Known], choices: Choices, asking: _Asking):
        self.asking = asking
        self.asked: list[RemovalQuestion] = []
        self.known = {pupil.id: pupil for pupil in known}
        self.register = Register(known)
        self.choices = choices
        self.seen: dict[Key, int] = {}
        self.taken: dict[UUID, int] = {}
        self.created: list[Created] = []
        self.recognised: list[Recognised] = []
        self.ambiguous: list[Ambiguous] = []
        self.refused: list[RowError] = []

    def pupils(self, rows: Iterable[StudentRow]) -> Plan:
        for row in rows:
            self._place(row, keys(row.last_name, row.preferred_last_name, row.first_name, row.birth_on))
        meant = set(self.taken) | {pupil.id for doubt in self.ambiguous for pupil in doubt.candidates}
        return Plan(
            created=tuple(self.created),
            changed=tuple(found for found in self.recognised if found.changes),
            unchanged=tuple(found for found in self.recognised if not found.changes),
            missing=tuple(
                pupil
                for pupil in self.known.values()
                if not (pupil.id in meant or pupil.left_on or pupil.is_going)
            ),
            ambiguous=tuple(self.ambiguous),
            refused=tuple(self.refused),
            asked=tuple(self.asked),
        )

    def _place(self, row: StudentRow, wanted: tuple[Key, ...]) -> None:
        choice = self.choices.get(row.line)
        found = self._chosen(choice, wanted) if choice else self._meant(row, wanted)
        is_spelled_out = len(found) == 1 and found[0].id not in self.taken and _spells(row, found[0])
        if choice is None and wanted[0] in self.seen and not is_spelled_out:
            self._refuse(row, "twice_in_file", other=self.seen[wanted[0]])
            return
        self.seen.setdefault(wanted[0], row.line)
        if len(found) > 1:
            self.ambiguous.append(Ambiguous(row, tuple(found)))
            self._refuse(row, "several_pupils", count=len(found))
        elif found and found[0].is_going:
            self._refuse(row, "being_deleted")
        elif found and found[0].id in self.taken:
            self._refuse(row, "twice_in_file", other=self.taken[found[0].id])
        elif found:
            self.taken[found[0].id] = row.line
            self.recognised.append(Recognised(row, found[0], _changes(row, found[0])))
        else:
            self._create(row, () if choice else tuple(self.register.namesakes(wanted)))

    def _create(self, row: StudentRow, alike: tuple[Known, ...]) -> None:
        """Create a pupil; one who was removed only where somebody chose so."""
        asked = self.asking.student(row)
        if asked:
            self.asked.append(asked)
        if asked is None or asked.is_back:
            self.created.append(Created(row, alike=alike))

    def _meant(self, row: StudentRow, wanted: tuple[Key, ...]) -> list[Known]:
        """Return the pupils a row may mean: of several the one whose names are spelled exactly so."""
        found = self.register.meant(wanted)
        exact = [known for known in found if _spells(row, known)]
        return exact if len(exact) == 1 else found

    def _chosen(self, choice: UUID | str, wanted: tuple[Key, ...]) -> list[Known]:
        if choice == NEW:
            return []
        pupil = self.known.get(choice) if isinstance(choice, UUID) else None
        return [pupil] if pupil else self.register.meant(wanted)

    def _refuse(self, row: StudentRow, reason: str, **facts: int) -> None:
        self.refused.append(RowError(row.line, "Nom élève", reason, facts))


def _spells(row: StudentRow, known: Known) -> bool:
    """Return whether a row spells a pupil's names as they are kept, but for capitals."""
    names = ("last_name", "first_name")
    return all(getattr(row, name).casefold() == getattr(known, name).casefold() for name in names)


NAMES = {"first_name", "last_name", "preferred_last_name"}


def _changes(row: StudentRow, known: Known) -> tuple[Change, ...]:
    back = (Change("left_on", known.left_on, ""),) if known.left_on else ()
    return back + tuple(
        Change(field, old, new)
        for field in COMPARED
        if (new := getattr(row, field)) is not None
        and new != (old := getattr(known, field))
        and not _same(field, old, new)
    )


def _same(field: str, old: str | date, new: str | date) -> bool:
    """Return whether two spellings say one thing.

    A class without its accents, a name that came in capitals only.
    """
    if not isinstance(old, str) or not isinstance(new, str) or name_key(old) != name_key(new):
        return False
    return field == "class_name" or (field in NAMES and new.isupper())


def _with_guardians(plan: Plan, guardians: Sequence[GuardianRow], asking: _Asking) -> Plan:
    people: dict[tuple[str, str], set[int]] = defaultdict(set)
    rows = [*(c.row for c in plan.created), *(r.row for r in (*plan.changed, *plan.unchanged))]
    rows += [one.row for one in plan.left_out]  # known to the file, though nothing is done about them
    by_line = {row.line: row for row in rows}
    for row in rows:
        for key in keys(row.last_name, row.preferred_last_name, row.first_name, row.birth_on):
            people[key[:2]].add(row.line)
    emails: dict[int, set[str]] = defaultdict(set)
    refused = list(plan.refused)
    for guardian in guardians:
        for child in guardian.children:
            lines = _lines_of(child, people, by_line)
            if len(lines) == 1:
                emails[lines[0]].add(guardian.email)
            else:
                reason = "several_children" if lines else "unknown_child"
                facts = {"count": len(lines)}
                refused.append(RowError(guardian.line, "Prénom enfant", reason, facts, GUARDIANS))
    return _linked(replace(plan, refused=tuple(refused)), emails, asking)


def _lines_of(
    child: Child, people: Mapping[tuple[str, str], set[int]], rows: Mapping[int, StudentRow]
) -> list[int]:
    first = name_key(child.first_name)
    names = {name_key(child.last_name), name_key(child.preferred_last_name)} - {""}
    found = {line for name in names for line in people.get((name, first), ())}
    if len(found) > 1 and child.classes:
        classes = name_key(child.classes)
        found = {line for line in found if name_key(rows[line].class_name or "") == classes} or found
    return sorted(found)


def _linked(plan: Plan, emails: Mapping[int, set[str]], asking: _Asking) -> Plan:
    asked = list(plan.asked)

    def wanted(row: StudentRow, already: frozenset[str] = frozenset()) -> frozenset[str]:
        """Return the addresses to link to a pupil: those who were removed only where somebody chose so."""
        new = frozenset(emails.get(row.line, ())) - already
        doubts = asking.guardians(row, new)
        asked.extend(doubts)
        return new - {one.email for one in doubts if not one.is_back}

    created = tuple(replace(c, emails=wanted(c.row)) for c in plan.created)
    recognised = [replace(r, emails=wanted(r.row, r.known.emails)) for r in (*plan.changed, *plan.unchanged)]
    return replace(
        plan,
        created=created,
        changed=tuple(r for r in recognised if r.is_changed),
        unchanged=tuple(r for r in recognised if not r.is_changed),
        asked=tuple(sorted(asked, key=lambda one: (one.row.line, one.email))),
    )
