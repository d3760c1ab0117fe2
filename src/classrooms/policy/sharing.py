"""What of the learning record reaches families, and when."""

from collections.abc import Iterable

NOTHING = "nothing"
SHARED = "shared"
ALL = "all"
_ORDER = (NOTHING, SHARED, ALL)


class FamiliesSeeNothing(Exception):
    """Raised when the school's contract doesn't open the record to families."""


class NothingToShare(Exception):
    """Raised when an observation has neither text nor photo, or is about nobody."""


def widest(sights: Iterable[str]) -> str:
    """Return the widest of what several contracts let guardians see; without any, nothing."""
    return max(sights, key=_ORDER.index, default=NOTHING)


def shows_progress(sight: str, *, is_shared: bool) -> bool:
    """Return whether families see how far a child is: where they see all, or something of it was shared."""
    return sight == ALL or (sight == SHARED and is_shared)


def ready_to_share(*, sight: str, text: str, photos: int, students: int) -> None:
    """Raise FamiliesSeeNothing or NothingToShare unless an observation can be shared with families."""
    if sight == NOTHING:
        raise FamiliesSeeNothing
    if not students or not (text.strip() or photos):
        raise NothingToShare
