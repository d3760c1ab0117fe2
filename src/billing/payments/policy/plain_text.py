"""A bank's text in plain signs, so that what reads alike is alike."""

import re
import unicodedata

from isolation.policy.folding import fold


def plain_signs(text: str) -> str:
    """Return a text with plain letters, digits and hyphens: full width, no-break and hidden ones replaced."""
    narrow = unicodedata.normalize("NFKC", text)
    dashes = re.sub(r"[\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]", "-", narrow)
    return "".join(sign for sign in dashes if unicodedata.category(sign) != "Cf")


#: Letters that two signs stand for where a keyboard or a bank has none.
_TWO_SIGNS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})


def plain_words(text: str) -> tuple[str, ...]:
    """Return the words of a text in any script, without case, accents and signs.

    Where it has no word at all, its signs: two texts of other signs aren't the same.
    """
    bare = fold(plain_signs(text).casefold().translate(_TWO_SIGNS)).upper()
    return tuple(re.findall(r"[^\W_]+", bare) or bare.split())
