"""What must have been said to guardians before a child's account is opened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from contracts.policy.clauses import keeps

SUBJECTS = frozenset({"purpose", "access", "categories"})


class GuardiansNotInformed(Exception):
    """Raised when nobody recorded that the child's guardians were informed beforehand."""


class NoticeIncomplete(Exception):
    """Raised when a notice leaves out one of the subjects it must cover."""


@dataclass(frozen=True, slots=True)
class InformationNotice:
    """That guardians were informed, of one child or of a class at once."""

    informed_on: date
    covers: frozenset[str]


def complete(covers: Iterable[str]) -> frozenset[str]:
    """Return the subjects a notice covers when the least required are among them: purpose, access methods and
    categories of data. Raises NoticeIncomplete, naming what is missing.
    """
    missing = SUBJECTS - frozenset(covers)
    if missing:
        raise NoticeIncomplete(", ".join(sorted(missing)))
    return frozenset(covers)


@keeps("LG-U3.3")
def covers_who_was_there(*, recorded_on: date, starts_on: date, ends_on: date | None) -> bool:
    """Return whether what was recorded of a class on a day counts for a pupil who was in it from a day on,
    until another.

    Whoever comes into the class later is asked about anew.
    """
    return starts_on <= recorded_on and (ends_on is None or recorded_on < ends_on)


@keeps("LG-U3.3")
def informed_since(notices: Iterable[InformationNotice], *, today: date) -> date:
    """Return the day since which a child's guardians have been informed of all that is required.

    A notice dated after today counts for nothing yet, nor does one that leaves a required subject out.
    Raises GuardiansNotInformed: the child's account can't be activated before.
    """
    days = [
        notice.informed_on for notice in notices if notice.covers >= SUBJECTS and notice.informed_on <= today
    ]
    if not days:
        raise GuardiansNotInformed
    return min(days)
