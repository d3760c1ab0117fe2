"""How a user name is written, compared and made."""

import re
import unicodedata
from collections.abc import Callable

USERNAME = r"[a-z0-9][a-z0-9._-]{1,62}"


def normalise_username(text: str) -> str:
    """Return a user name as it is stored and compared.

    Compatibility forms folded, lower case, no outer space.
    """
    return unicodedata.normalize("NFKC", text).strip().casefold()


def suggest_username(first_name: str, last_name: str, *, is_taken: Callable[[str], bool]) -> str:
    """Return a free user name made of a person's names: "elodie.marchand", then "elodie.marchand2"."""
    parts = (_ascii(first_name), _ascii(last_name))
    stem = ".".join(part for part in parts if part)[:56] or "personne"
    if len(stem) < 2:
        stem = f"{stem}.personne"
    number = 1
    name = stem
    while is_taken(name):
        number += 1
        name = f"{stem}{number}"
    return name


def _ascii(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-")
