"""What is written of an observation, and how what families read stands to a later change of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

READ = "read"
BEFORE_CHANGE = "before_change"
BEFORE_SHARED = "before_shared"


class ChangedMeanwhile(Exception):
    """Raised when the changes about to be shared or dropped aren't those that were looked at."""


@dataclass(frozen=True, slots=True)
class Written:
    """What the author wrote."""

    text: str
    observed_on: date
    student_ids: Collection[UUID] = ()
    levels: Mapping[UUID, str] = field(default_factory=dict)

    def says_as(self, other: "Written") -> bool:
        """Return whether both say the same, in whatever order the pupils stand."""
        return (self.text, self.observed_on, set(self.student_ids), dict(self.levels)) == (
            other.text,
            other.observed_on,
            set(other.student_ids),
            dict(other.levels),
        )


def reading_state(
    *, read_at: datetime, shared_at: datetime | None, changes_shared_at: datetime | None
) -> str:
    """Return one word: what is shared today was read, or something was changed or shared anew since.

    `read_at` is when it was last read. What was read at the instant of a change was read after it.
    """
    if changes_shared_at is not None and read_at < changes_shared_at:
        return BEFORE_CHANGE
    return BEFORE_SHARED if shared_at is not None and read_at < shared_at else READ
