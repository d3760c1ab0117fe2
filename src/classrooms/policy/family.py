"""How a family stands towards what is shared, in one word."""

from dataclasses import dataclass
from datetime import datetime

READS = "reads"
BEHIND = "behind"
SILENT = "silent"
INVITED = "invited"
NOT_INVITED = "not_invited"
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Family:
    """What a pupil's guardians have done."""

    guardians: int = 0
    invited: int = 0
    joined: int = 0
    last_shared_at: datetime | None = None
    last_read_at: datetime | None = None


NO_GUARDIAN = Family()


def family_state(family: Family) -> str:
    """Return one word: the family reads, is behind what was last shared, has only joined or been invited, or
    not yet.

    `last_read_at` is when the latest observation they read had been shared.
    """
    if not family.guardians:
        return NOBODY
    if not family.joined:
        return INVITED if family.invited else NOT_INVITED
    if family.last_shared_at is None:
        return SILENT
    return READS if family.last_read_at and family.last_read_at >= family.last_shared_at else BEHIND
