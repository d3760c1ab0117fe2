"""Which characters a set of fonts can't draw on paper, and the packages whose fonts can."""

from collections.abc import Callable, Iterable
from unicodedata import category, name

CJK = "fonts-noto-cjk"
EMOJI = "fonts-noto-color-emoji"
CORE = "fonts-noto-core"
FONT_PACKAGES = (CORE, CJK, EMOJI)
SAMPLES = "ΩЖשعअกあ中한😀"  # a letter of each writing a school meets, and a face
_INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Zl", "Zp", "Zs"})
_CJK_NAMES = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC", "FULLWIDTH")
_PICTURES = (0x2600, 0x27BF), (0x1F000, 0x1FAFF)


def undrawn(texts: Iterable[str], *, is_drawn: Callable[[str], bool]) -> tuple[str, ...]:
    """Return the characters of texts that no font draws, each once, in their order.

    What leaves no mark on paper (spaces, marks that join or turn) needs no font.
    """
    seen = dict.fromkeys(char for text in texts for char in text)
    return tuple(
        char
        for char in seen
        if not is_plain(char) and category(char) not in _INVISIBLE and not is_drawn(char)
    )


def is_plain(char: str) -> bool:
    """Return whether every font has this: the letters, figures and signs of French and its neighbours."""
    return char <= "\u024f" or "\u2010" <= char <= "\u2027" or char in "€™…"


def packages_for(chars: Iterable[str]) -> tuple[str, ...]:
    """Return the packages to install for these characters, in the order of the handbook."""
    needed = {_package(char) for char in chars}
    return tuple(package for package in FONT_PACKAGES if package in needed)


def _package(char: str) -> str:
    if name(char, "").startswith(_CJK_NAMES):
        return CJK
    return EMOJI if any(first <= ord(char) <= last for first, last in _PICTURES) else CORE
