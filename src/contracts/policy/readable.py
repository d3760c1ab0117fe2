"""Which characters a name or a title can't hold: what can't be seen, turns the text around, or was lost."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

LOST = "\ufffd"  # what a letter becomes that an earlier reading didn't understand

BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters by their category, drawn as nothing

JOINERS = frozenset("\u200c\u200d")  # part of the spelling in Persian and in the scripts of India

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class Sign(NamedTuple):
    """A character that doesn't belong: its place, counted from 1, and which it is."""

    place: int
    character: str

    @property
    def code(self) -> str:
        """Return its name in Unicode's table: "U+202E"."""
        return f"U+{ord(self.character):04X}"

    @property
    def is_lost(self) -> bool:
        """Return whether it stands for a letter that was lost on the way."""
        return self.character == LOST


def unreadable_signs(text: str) -> Iterator[Sign]:
    """Yield the characters of one line that nobody can read, in their order."""
    for place, character in enumerate(text, start=1):
        if character in JOINERS and _joins(text, place - 1):
            continue
        if character == LOST or character in BLANK_LETTERS or unicodedata.category(character) in UNSEEN:
            yield Sign(place, character)


def _joins(text: str, at: int) -> bool:
    """Return whether the character at an index stands between two letters of a script that joins them."""
    around = text[at - 1 : at] + text[at + 1 : at + 2]
    return len(around) == 2 and all(
        unicodedata.category(each)[0] in "LM" and ord(each) > 0x0590 for each in around
    )
