"""Whether a text answers to the words somebody searches for."""

from unicodedata import combining, normalize


def plain(text: str) -> str:
    """Return a text without accents and capitals."""
    return "".join(each for each in normalize("NFKD", text) if not combining(each)).casefold()


def answers_to(words: str, text: str) -> bool:
    """Return whether a text holds each of these words, accents and capitals aside."""
    held = plain(text)
    return all(word in held for word in plain(words).split())
