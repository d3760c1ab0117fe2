"""The door to the shipped texts of terms: `terms/<kind>/<YYYY-MM-DD>.<language>.txt`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "terms"


@dataclass(frozen=True, slots=True)
class Text:
    """A shipped text, before an offer's figures are put into it."""

    kind: str
    version_on: date
    language: str
    text: str


def shipped_texts(folder: Path = FOLDER) -> Iterator[Text]:
    """Return the shipped texts, French before its translations."""
    paths = sorted(
        folder.glob("*/*.txt"), key=lambda path: (path.parent.name, path.name[:10], ".fr." not in path.name)
    )
    for path in paths:
        day, language, _ = path.name.split(".")
        yield Text(path.parent.name, date.fromisoformat(day), language, path.read_text(encoding="utf-8"))
