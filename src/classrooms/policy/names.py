"""How two spellings of a person's name are recognised as one."""

import re
from unicodedata import combining, normalize

_LETTERS = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d"})
_WORDS = re.compile(r"[^\W_]+")


def name_key(name: str) -> str:
    """Return a name without case, accents, spaces or punctuation: what two spellings of it share."""
    if name.isascii() and name.isalpha():
        return name.lower()
    if not name.isascii():
        name = "".join(letter for letter in normalize("NFKD", name.translate(_LETTERS)) if not combining(letter))
    return "".join(_WORDS.findall(name.casefold()))


def tidy(text: str) -> str:
    """Return a cell without the spaces around it nor doubled ones inside; its letters are left as they are."""
    return " ".join(text.split())
