"""The contract's own figures: what a rule must answer, computed again whenever somebody asks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

CENTS = "cents"
PER_CENT = "per_cent"
DAY = "day"
DAYS = "days"
ANSWER = "answer"
TEXT = "text"
UNITS = (CENTS, PER_CENT, DAY, DAYS, ANSWER, TEXT)


@dataclass(frozen=True, slots=True)
class Case:
    """A situation in words, what the contract says comes of it, and the rule that is asked."""

    clause: str
    told: str
    told_fr: str
    asks: Callable[[], Any]
    gives: Any
    unit: str

    def answer(self) -> Any:
        """Return what the rule answers now."""
        return self.asks()

    @property
    def holds(self) -> bool:
        """Return whether the rule answers what the contract says."""
        return bool(self.answer() == self.gives)


_CASES: dict[str, list[Case]] = {}


def case(clause: str, told: str, told_fr: str, asks: Callable[[], Any], gives: Any, unit: str = TEXT) -> Case:
    """Return a case of a clause, remembered for its page and its test. Raises ValueError on an unknown
    unit.
    """
    if unit not in UNITS:
        raise ValueError(f"no case is counted in {unit!r}, only in {', '.join(UNITS)}")
    made = Case(clause, told, told_fr, asks, gives, unit)
    _CASES.setdefault(clause, []).append(made)
    return made


def cases_of(clause: str) -> tuple[Case, ...]:
    """Return the cases of a clause, as they were written."""
    return tuple(_CASES.get(clause, ()))


def all_cases() -> list[Case]:
    """Return every case of every clause."""
    return [each for cases in _CASES.values() for each in cases]
