"""How much of a long table a page of paper can take."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

ROWS_ON_PAPER = 300
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class CappedRows(Generic[Row]):
    """The first rows of a table, and how many are left off."""

    rows: Sequence[Row]
    left_off: int


def capped(rows: Sequence[Row], *, most: int = ROWS_ON_PAPER) -> CappedRows[Row]:
    """Return at most `most` rows and the number left off.

    4,000 rows take a quarter of a minute to lay out.
    """
    return CappedRows(rows[:most], max(0, len(rows) - most))
