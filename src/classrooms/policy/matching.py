"""Recognising, in a file, the pupils a school already knows."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from classrooms.policy.names import name_key

Key = tuple[str, str, date]


@dataclass(frozen=True, slots=True)
class Known:
    """A pupil the school has, as far as an import compares them."""

    id: UUID
    last_name: str
    first_name: str
    birth_on: date
    preferred_last_name: str = ""
    level: str = ""
    class_name: str = ""
    emails: frozenset[str] = frozenset()
    left_on: date | None = None
    is_going: bool = False


def keys(last_name: str, preferred_last_name: str | None, first_name: str, birth_on: date) -> tuple[Key, ...]:
    """Return what a pupil is recognised by.

    First name and birth date with the family name, then with the used one.
    """
    first = name_key(first_name)
    last = name_key(last_name)
    used = name_key(preferred_last_name) if preferred_last_name else ""
    if used and used != last:
        return (last, first, birth_on), (used, first, birth_on)
    return ((last, first, birth_on),)


class Register:
    """The known pupils, to be asked who is meant."""

    def __init__(self, known: Iterable[Known]):
        self._by_key: dict[Key, list[Known]] = defaultdict(list)
        self._by_name: dict[tuple[str, str], list[Known]] = defaultdict(list)
        for pupil in known:
            found = keys(pupil.last_name, pupil.preferred_last_name, pupil.first_name, pupil.birth_on)
            for key in found:
                self._by_key[key].append(pupil)
                self._by_name[key[:2]].append(pupil)

    def meant(self, wanted: Iterable[Key]) -> list[Known]:
        """Return the pupils these keys may mean.

        None, the one, or several among whom someone has to choose.
        """
        if not self._by_key:
            return []
        found = {pupil.id: pupil for key in wanted for pupil in self._by_key.get(key, ())}
        return list(found.values())

    def namesakes(self, wanted: Iterable[Key]) -> list[Known]:
        """Return the pupils of the same names whatever their birth date."""
        found = {pupil.id: pupil for key in wanted for pupil in self._by_name.get(key[:2], ())}
        return list(found.values())
