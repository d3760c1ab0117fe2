"""Take the name of one person out of a text that stays because it is about others."""

import re
from collections.abc import Collection

GONE = "[…]"


def without(text: str, *, names: Collection[str]) -> str:
    """Return the text with each of these names, as a whole word, replaced by […]; longer names first."""
    for name in sorted({name.strip() for name in names if name.strip()}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", GONE, text, flags=re.IGNORECASE)
    return re.sub(rf"{re.escape(GONE)}(?:\s+{re.escape(GONE)})+", GONE, text)


def pattern(name: str) -> str:
    """Return the pattern (of LIKE) that finds a name anywhere in a text, its own signs taken as they are."""
    return "%" + re.sub(r"([\\\\%_])", r"\\\1", name) + "%"
