"""Breaches of personal data: who is told by when, what is owed next, and how many people it is about.

Sources: GDPR articles 33 and 34; data processing agreement, LG-D10.2; QW-6.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from contracts.policy.clauses import keeps

NOTICE_WITHIN = timedelta(hours=24)  # "without undue delay" (33-2): our own limit, docs/decisions/0038
ALARM_AFTER = timedelta(hours=18)
AUTHORITY_WITHIN = timedelta(hours=72)  # 33-1
REMINDER_AFTER = timedelta(hours=48)
PEOPLE_WITHIN = timedelta(hours=24)  # from the controller's decision to the last message that left


class Nature(StrEnum):
    """What was breached: one at least."""

    CONFIDENTIALITY = "confidentiality"
    INTEGRITY = "integrity"
    AVAILABILITY = "availability"


class Owed(StrEnum):
    """Which notice a controller is owed next."""

    NOTHING = "nothing"
    FIRST = "first"
    FOLLOWING = "following"


class NotDecided(Exception):
    """Raised when people would be written to without the controller's decision."""


class OnlyADrill(Exception):
    """Raised when a drill would write to people."""


class NothingToSay(Exception):
    """Raised when people would be written to without words."""


@dataclass(frozen=True, slots=True)
class NoticeClock:
    """When the alarm is given, and the last moment at which a notice is in time."""

    alarm_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class AuthorityClock:
    """From when on the controller knows, when it is reminded, and by when the authority is told."""

    known_at: datetime
    reminder_at: datetime
    due_at: datetime

    def hours_left(self, now: datetime) -> int:
        """Return the whole hours that are left, 0 once they are over."""
        return max(0, (self.due_at - now) // timedelta(hours=1))

    def is_late(self, at: datetime) -> bool:
        """Return whether a notification at this moment must say why it comes late (33-1)."""
        return at > self.due_at


@dataclass(frozen=True, slots=True)
class Table:
    """One declared model: its annex B category, whom it is about, how many rows it holds."""

    label: str
    category: str
    subjects: Collection[str]
    rows: int


@dataclass(frozen=True, slots=True)
class Act:
    """One entry of the audit trail: who did it, when, on what, about whom."""

    actor: UUID | None
    at: datetime
    table: str
    subject: UUID
    about: Collection[UUID]


@dataclass(frozen=True, slots=True)
class Figures:
    """How many people, by kind, and how many records, by table."""

    people: Mapping[str, int]
    records: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A notice that left, and whether it came back."""

    sent_at: datetime | None
    is_bounced: bool


@keeps("LG-D10.2")
def notice_clock(*, known_at: datetime, owed_from: datetime) -> NoticeClock:
    """Return by when a controller is told: 24 hours after the breach was known, or after it was found to
    concern them, or after what they were told changed.
    """
    start = max(known_at, owed_from)
    return NoticeClock(alarm_at=start + ALARM_AFTER, due_at=start + NOTICE_WITHIN)


@keeps("LG-D10.2")
def controller_knows_at(*, deliveries: Iterable[Delivery], seen_at: datetime | None) -> datetime | None:
    """Return from when on a controller knows: a notice left and did not come back, or was seen; None before.

    The earliest counts, and what bounced tells nobody anything.
    """
    arrived = [each.sent_at for each in deliveries if each.sent_at and not each.is_bounced]
    return min([*arrived, *([seen_at] if seen_at else [])], default=None)


@keeps("LG-D10.2", "LG-D1")
def authority_clock(*, known_at: datetime) -> AuthorityClock:
    """Return the clock of the controller's notification to the authority: 72 hours, nights and Sundays too
    (33-1).
    """
    return AuthorityClock(known_at, known_at + REMINDER_AFTER, known_at + AUTHORITY_WITHIN)


@keeps("LG-D10.2")
def owed_next(*, told: Mapping[str, Any] | None, current: Mapping[str, Any]) -> Owed:
    """Return which notice is owed: the first, one that completes it since something changed, or none
    (33-4).
    """
    if told is None:
        return Owed.FIRST
    return Owed.NOTHING if dict(told) == dict(current) else Owed.FOLLOWING


@keeps("LG-D10.2")
def figures_of_categories(
    *, categories: Collection[str], tables: Iterable[Table], people: Mapping[str, int]
) -> Figures:
    """Return whom the tables of these categories are about, and what they hold.

    `people` says how many of each kind there are. An approximate number, as article 33-3 asks: everybody of a
    kind that a table of the scope speaks of.
    """
    held = [each for each in tables if each.category in categories and each.rows]
    kinds = {kind for each in held for kind in each.subjects}
    return Figures(
        people={kind: count for kind, count in people.items() if kind in kinds and count},
        records={each.label: each.rows for each in held},
    )


def acts_in(acts: Iterable[Act], *, account: UUID, since: datetime, until: datetime) -> list[Act]:
    """Return what an account did, from the first instant up to the last, which isn't in it."""
    return [act for act in acts if act.actor == account and since <= act.at < until]


@keeps("LG-D10.2")
def figures_of_account(
    *, account: UUID, since: datetime, until: datetime, acts: Iterable[Act], kinds: Mapping[UUID, str]
) -> Figures:
    """Return whom an account's acts between two instants were about, and on how many records they were.

    `kinds` says what each person is. A record or a person counts once, however often it was touched.
    """
    mine = acts_in(acts, account=account, since=since, until=until)
    touched = {one for act in mine for one in (act.subject, *act.about)}
    records = Counter(table for table, _subject in {(act.table, act.subject) for act in mine} if table)
    people = Counter(kinds[one] for one in touched if one in kinds)
    return Figures(people=dict(sorted(people.items())), records=dict(sorted(records.items())))


@keeps("QW-6")
def check_telling_people(*, is_decided: bool, is_drill: bool, texts: Mapping[str, str]) -> None:
    """Let the people be told when their controller said so, with words in each language, outside of a drill.

    Raises OnlyADrill, NotDecided, NothingToSay.
    """
    if is_drill:
        raise OnlyADrill
    if not is_decided:
        raise NotDecided
    if not texts or not all(text.strip() for text in texts.values()):
        raise NothingToSay
