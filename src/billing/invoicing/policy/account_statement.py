"""A client's account: what was asked and what came, in the order of the days, and what stood on one of
them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of the account: what it is, its number, and its cents; above zero the client owes more."""

    on: date
    kind: str  # "invoice", "credit_note", "claim", "payment", "refused", "refund", "refund_failed",
    # "written_off" or "write_off_undone"
    label: str
    cents: int
    key: str = ""
    due_on: date | None = None  # of what asks for money
    rank: int = 0  # in which order those of one day were written


@dataclass(frozen=True, slots=True)
class Row:
    """A movement with what the client owed after it."""

    movement: Movement
    balance_cents: int

    @property
    def debit_cents(self) -> int:
        """Return what it adds to the debt, or nothing."""
        return max(0, self.movement.cents)

    @property
    def credit_cents(self) -> int:
        """Return what it takes off the debt, or nothing."""
        return max(0, -self.movement.cents)


def account_statement(movements: Iterable[Movement], *, on: date) -> list[Row]:
    """Return the account as it stood at the end of a day, oldest first.

    Below zero we hold the client's money.

    A day that is over always shows the same: later events have their own days.
    """
    known = sorted((each for each in movements if each.on <= on), key=lambda each: (each.on, each.rank))
    rows = []
    balance = 0
    for each in known:
        balance += each.cents
        rows.append(Row(each, balance))
    return rows
