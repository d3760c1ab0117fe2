"""Whether the measures that guard a place's accounts are all in force."""

from dataclasses import dataclass
from datetime import date

from contracts.policy.clauses import keeps
from people.policy.lock import MINUTES_ALLOWED
from people.policy.passwords import MIN_LENGTH

REVIEW_MONTHS = 6


@dataclass(frozen=True, slots=True)
class Protection:
    """How the accounts of a place are guarded on a given day."""

    password_min_length: int
    lock_after_minutes: int
    administrators: int
    started_on: date
    reviewed_on: date | None = None


@keeps("LG-DCa")
def protection_gaps(protection: Protection, *, today: date) -> tuple[str, ...]:
    """Return the measures that are missing: "password", "lock", "administrator", "review".

    None when all hold.

    Strong passwords, a lock on inactivity, roles held by someone who can give them, access reviewed twice a
    year.
    """
    gaps = {
        "password": protection.password_min_length < MIN_LENGTH,
        "lock": protection.lock_after_minutes not in MINUTES_ALLOWED,
        "administrator": protection.administrators < 1,
        "review": today
        >= review_due_on(reviewed_on=protection.reviewed_on, started_on=protection.started_on),
    }
    return tuple(name for name, is_missing in gaps.items() if is_missing)


def review_due_on(*, reviewed_on: date | None, started_on: date) -> date:
    """Return the day from which the next review of access is due.

    Six months after the last, or after the start.
    """
    last = reviewed_on or started_on
    month = last.month - 1 + REVIEW_MONTHS
    year = last.year + month // 12
    month = month % 12 + 1
    for day in range(last.day, 27, -1):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    return date(year, month, min(last.day, 28))
