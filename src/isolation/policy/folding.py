"""One letter whatever its case, its accents and its signs: how two spellings of a name are compared.

Python and the database fold alike; the database's function is written from the tables of this file.
"""

from functools import cache
from unicodedata import category, combining, normalize

# Letters that no rule of Unicode takes apart, as people write them without the right keyboard.
_WRITTEN_AS = {
    "ß": "ss",
    "œ": "oe",
    "æ": "ae",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ħ": "h",
    "ŧ": "t",
    "ı": "i",
    "ȷ": "j",
    "ə": "e",
}
_APOSTROPHES = "'’‘‛`´ʼʻʽʾʿ′＇ꞌ"
_HYPHENS = "-‐‑‒–—―−﹣－־"
_IN_WORDS = frozenset("\u00ad\u034f\u061c\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")  # seen by nobody


@cache
def letter(char: str) -> str:
    """Return one character folded: no case, no accent; an apostrophe, a hyphen or a space is the plain one.

    What is written inside words without being seen, and accents that stand alone, fold to nothing.
    """
    if char in _APOSTROPHES:
        return "'"
    if char in _HYPHENS:
        return "-"
    if char in _IN_WORDS:
        return ""
    if char.isspace() or category(char) == "Zs":
        return " "
    return "".join(_WRITTEN_AS.get(part, part) for part in _plain(_plain(char).casefold()))


def _plain(text: str) -> str:
    """Return the text's letters without what stands above or below them."""
    return "".join(part for part in normalize("NFKD", text) if not combining(part))


def fold(text: str) -> str:
    """Return a text folded letter by letter; composed or not, it folds alike, and folding twice is once."""
    return text.lower() if text.isascii() and text.isprintable() else "".join(map(letter, text))
