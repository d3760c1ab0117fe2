"""Names of files and folders inside an archive, readable on any computer."""

import re
import unicodedata
from collections.abc import Iterable

_FORBIDDEN = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_LONGEST = 80


def file_name(text: str) -> str:
    """Return `text` as a name any system can hold: accents kept and composed, no separator, 80 characters at most."""
    name = unicodedata.normalize("NFC", text)
    name = re.sub(r"\s+", " ", _FORBIDDEN.sub(" ", name)).strip(" .")[:_LONGEST].rstrip(" .")
    return f"_{name}" if not name or _RESERVED.match(name) else name


def distinct(names: Iterable[str]) -> list[str]:
    """Return the same names in order, the second "Léa Durand" as "Léa Durand (2)"; case is no difference."""
    seen: dict[str, int] = {}
    taken: list[str] = []
    for name in names:
        candidate, number = name, 1
        while candidate.casefold() in seen:
            number += 1
            candidate = f"{name} ({number})"
        seen[candidate.casefold()] = number
        taken.append(candidate)
    return taken
