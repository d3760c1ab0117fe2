"""Requests of the people whose data it is: which rights, who answers, by when.

Sources: GDPR articles 7-3, 12 and 15 to 22; data processing agreement, LG-D10.1; LG-D1; QZ-9; QW-4.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from contracts.policy.clauses import keeps
from contracts.policy.months import months_after

MORE_MONTHS = 2  # by which the controller may extend, once, telling why within the first time (12-3)
REMIND_BEFORE = timedelta(days=7)


class DataRight(StrEnum):
    """What a person may ask of who holds their data: all eight."""

    ACCESS = "access"  # 15
    RECTIFICATION = "rectification"  # 16
    ERASURE = "erasure"  # 17
    RESTRICTION = "restriction"  # 18
    PORTABILITY = "portability"  # 20
    OBJECTION = "objection"  # 21
    HUMAN_REVIEW = "human_review"  # 22: no decision by a machine alone
    CONSENT = "consent"  # 7-3: withdrawn as easily as given


class NotInstructed(Exception):
    """Raised when the operator would answer for a controller who did not instruct it to."""


class ProofKept(Exception):
    """Raised when a request would be closed while a copy of somebody's identity papers still lies there."""


class ExtendedAlready(Exception):
    """Raised when a time to answer would be extended a second time."""


class TooLateToExtend(Exception):
    """Raised when a time to answer would be extended after it ran out."""


@dataclass(frozen=True, slots=True)
class ForwardClock:
    """When the alarm is given, and the last moment at which a request is forwarded in time."""

    alarm_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class AnswerTime:
    """How long one contract gives to answer: months or days, one of them 0, and the clause that says so."""

    months: int
    days: int
    clause: str


@dataclass(frozen=True, slots=True)
class AnswerClock:
    """By when a request is answered, and which clause says so."""

    due_at: datetime
    clause: str

    @property
    def reminder_at(self) -> datetime:
        """Return from when on who answers is reminded, daily."""
        return self.due_at - REMIND_BEFORE


@keeps("LG-D10.1")
def forward_clock(*, received_at: datetime, hours: int) -> ForwardClock:
    """Return by when the controller has a request that reached the operator: within these hours of its
    receipt, nights and Sundays too, the alarm half way.
    """
    return ForwardClock(received_at + timedelta(hours=hours / 2), received_at + timedelta(hours=hours))


@keeps("LG-D1", "QZ-9", "QW-4")
def answer_clock(*, received_at: datetime, received_on: date, times: Iterable[AnswerTime]) -> AnswerClock:
    """Return by when a request is answered: the shortest time any of the contracts gives, from its receipt.

    A month ends on the same day of the next, or on its last where it has none (12-3).
    """
    found = [(months_after(received_on, one.months) + timedelta(days=one.days), one.clause) for one in times]
    last_on, clause = min(found)
    return AnswerClock(received_at + (last_on - received_on), clause)


def extended_due(*, due_on: date, due_at: datetime, is_extended: bool, now: datetime) -> datetime:
    """Return the end of an extended time: two months more, once, said before the first has run out (12-3).

    Raises ExtendedAlready, TooLateToExtend.
    """
    if is_extended:
        raise ExtendedAlready
    if now > due_at:
        raise TooLateToExtend
    return due_at + (months_after(due_on, MORE_MONTHS) - due_on)


@keeps("LG-D10.1")
def check_operator_may_answer(*, is_controller: bool, is_instructed: bool) -> None:
    """Let the operator answer where it is the controller itself, or was told to in writing.

    Raises NotInstructed.
    """
    if not is_controller and not is_instructed:
        raise NotInstructed


@keeps("QZ-9", "QW-4")
def check_proof_gone(
    *, asked_at: datetime | None, seen_at: datetime | None, gone_at: datetime | None
) -> None:
    """Let a request be closed once no copy of identity papers is left. Raises ProofKept.

    None was asked for, none came, or what came was destroyed.
    """
    if asked_at is not None and seen_at is not None and gone_at is None:
        raise ProofKept
