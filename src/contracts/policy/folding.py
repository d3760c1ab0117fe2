"""Texts as they are compared: without accents or capitals."""

import unicodedata


def fold(text: str) -> str:
    """Return a text without accents or capitals, as lists are searched and passwords compared."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
