"""Who may have an account deleted, and what goes with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from contracts.policy.clauses import keeps


class ErasureOutcome(StrEnum):
    """What a person's wish to be deleted becomes."""

    CARRIED_OUT = "carried out"
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class ErasureTerms:
    """What one profile says about deletion.

    Whose word starts it, whether children go too, whom its annex B lists.
    """

    who: str
    takes_children: bool
    subjects: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ruling:
    """How a wish is answered, and whether the accounts of the children go too."""

    how: ErasureOutcome
    takes_children: bool


@keeps("LG-U4")
def own_account(*, kind: str, administers: bool, promises: Iterable[ErasureTerms]) -> Ruling:
    """Return what becomes of a person's wish to delete their own account.

    Carried out at once where the profiles that know this kind of person say that the user may; elsewhere it
    becomes a request to the controller. Several products in one house: all of those that know this kind of
    person must agree. A guardian takes nobody along: the child's record stays the school's. In a family the
    administrator's own deletion takes the children's accounts too, and the page says so first.
    """
    promises = list(promises)
    concerned = [promise for promise in promises if kind in promise.subjects] or promises
    if not concerned or any(promise.who != "user" for promise in concerned):
        return Ruling(ErasureOutcome.REQUEST, takes_children=False)
    family = all(promise.takes_children for promise in concerned)
    return Ruling(ErasureOutcome.CARRIED_OUT, takes_children=administers and family)
