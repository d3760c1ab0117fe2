"""Names of files and folders inside an archive, readable on any computer."""

from collections.abc import Iterable

from people.policy.files import file_name

__all__ = ["distinct", "file_name"]


def distinct(names: Iterable[str]) -> list[str]:
    """Return the same names in order, the second "Léa Durand" as "Léa Durand (2)"; case is no difference."""
    seen: dict[str, int] = {}
    taken: list[str] = []
    for name in names:
        candidate = name
        number = 1
        while candidate.casefold() in seen:
            number += 1
            candidate = f"{name} ({number})"
        seen[candidate.casefold()] = number
        taken.append(candidate)
    return taken
