"""One letter whatever its case, its accents and its signs: how two spellings of a name are compared.

Python and the database fold alike; the database's function is written from the tables of this file.
"""

from functools import cache
from unicodedata import combining, normalize

# Letters that no rule of Unicode takes apart, as people write them without the right keyboard.
WRITTEN_AS = {
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
    "ς": "σ",
}
APOSTROPHES = "'’‘‛`´ʼʻʽʾʿ′＇ꞌ"
HYPHENS = "-‐‑‒–—―−﹣－־"
SPACES = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
IN_WORDS = "\u00ad\u034f\u061c\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"  # seen by nobody
_SIGNS = (
    dict.fromkeys(APOSTROPHES, "'")
    | dict.fromkeys(HYPHENS, "-")
    | dict.fromkeys(SPACES, " ")
    | dict.fromkeys(IN_WORDS, "")
)


@cache
def letter(char: str) -> str:
    """Return one character folded: no case, no accent; an apostrophe, a hyphen or a space is the plain one.

    What is written inside words without being seen, and accents that stand alone, fold to nothing.
    """
    if char in _SIGNS:
        return _SIGNS[char]
    return "".join(_SIGNS.get(part, WRITTEN_AS.get(part, part)) for part in _plain(_plain(char).lower()))


def _plain(text: str) -> str:
    """Return the text's letters without what stands above or below them."""
    return "".join(part for part in normalize("NFKD", text) if not combining(part))


def fold(text: str) -> str:
    """Return a text folded letter by letter; composed or not, it folds alike, and folding twice is once."""
    return "".join(map(letter, text))
