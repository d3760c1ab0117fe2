"""The compiled words: a .mo beside each .po (or in the state folder), made again when the .po is newer."""

import subprocess
from pathlib import Path

from ground import Ground

_COMPILE = """
import os, sys
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
for source, target in zip(sys.argv[1::2], sys.argv[2::2]):
    with open(source, "rb") as file:
        catalogue = read_po(file, locale=source.rsplit(os.sep, 3)[1])
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target + ".new", "wb") as file:
        write_mo(file, catalogue)
    os.replace(target + ".new", target)
"""


def compile_words(ground: Ground) -> None:
    """Compile the catalogues whose source changed since; babel does it, from the environment."""
    stale = [(source, target) for source, target in _pairs(ground) if _is_stale(source, target)]
    if stale:
        arguments = [str(path) for pair in stale for path in pair]
        subprocess.run([ground.python, "-c", _COMPILE, *arguments], check=True)


def _pairs(ground: Ground) -> list[tuple[Path, Path]]:
    root = ground.checkout / "locale"
    found = sorted(root.glob("*/*/LC_MESSAGES/*.po"))
    return [(path, ground.locale / path.relative_to(root).with_suffix(".mo")) for path in found]


def _is_stale(source: Path, target: Path) -> bool:
    return not target.exists() or target.stat().st_mtime < source.stat().st_mtime
