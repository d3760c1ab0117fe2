"""What the fonts of this machine can draw."""

import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont, TTLibError

from exports.policy.glyphs import undrawn

FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
_KINDS = {".ttf", ".otf", ".ttc", ".otc"}


def undrawn_here(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the characters of texts that no font here draws, each once."""
    return undrawn(texts, is_drawn=is_drawn)


def is_drawn(char: str) -> bool:
    """Return whether some font here draws a character; read once a process, when first asked."""
    return ord(char) in _covered()


@cache
def _covered() -> frozenset[int]:
    return frozenset(code for path in _files() for code in _codes(path))


def _files() -> Iterator[Path]:
    for folder in FOLDERS:
        for place, _folders, names in os.walk(Path(folder).expanduser()):
            yield from (Path(place, name) for name in names if Path(name).suffix.lower() in _KINDS)


def _codes(path: Path) -> set[int]:
    """Return the characters of one file; a file that is no font has none."""
    try:
        if path.suffix.lower() in {".ttc", ".otc"}:
            with TTCollection(path, lazy=True) as found:
                return {code for font in found.fonts for code in font.getBestCmap() or ()}
        with TTFont(path, lazy=True) as font:
            return set(font.getBestCmap() or ())
    except (OSError, TTLibError, KeyError, AssertionError):
        return set()
