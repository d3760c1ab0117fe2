"""The states something goes through, as one table: each act, where it may be done, where it leads."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass


class WrongMove(ValueError):
    """Raised when an act can't be done in a state, such as a payment noted before the document was sent."""


@dataclass(frozen=True, slots=True)
class Transitions:
    """All acts on one kind of thing: from which states, to which. What the table doesn't say can't be done.

    A state that no act leads to is one it begins in; a state that no act leaves is an end.
    """

    acts: Mapping[str, tuple[Collection[str], str]]

    @property
    def states(self) -> frozenset[str]:
        """Return every state the table knows."""
        return frozenset(
            {*(to for _from, to in self.acts.values())}.union(*(f for f, _to in self.acts.values()))
        )

    def allows(self, act: str, state: str) -> bool:
        """Return whether the act may be done in this state. Raises KeyError for an act there isn't."""
        return state in self.acts[act][0]

    def after(self, act: str, state: str) -> str:
        """Return the state the act leads to. Raises WrongMove, KeyError for an act there isn't."""
        if not self.allows(act, state):
            raise WrongMove(f"{act}: {state}")
        return self.acts[act][1]
