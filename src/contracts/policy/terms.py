"""Terms: French prevails, a translation says so, and a text is made from what the profile promises."""

from collections.abc import Mapping

PREVAILING = "fr"


class NoFrench(ValueError):
    """Raised when a translation would be published of a version that doesn't exist in French."""


def is_translation(language: str) -> bool:
    """Return whether a document in this language must say that the French text prevails.

    Clause: LG-S27
    """
    return language.partition("-")[0] != PREVAILING


def check_french_first(language: str, *, french_exists: bool) -> None:
    """Raise NoFrench when a version is published in another language and not in French.

    Clause: LG-S27
    """
    if is_translation(language) and not french_exists:
        raise NoFrench(f"publish the French text first: without it nothing prevails over the {language} one")


def written_for(text: str, *, client: str, values: Mapping[str, object]) -> str:
    """Return the paragraphs of a shipped text that concern a kind of client, with the profile's figures in them.

    A paragraph that starts with "[consumer]" or "[professional]" is for that kind only.
    """
    kept = []
    for paragraph in text.strip().split("\n\n"):
        mark, bracket, rest = paragraph.partition("] ")
        if bracket and mark in {"[consumer", "[professional"}:
            if mark != f"[{client}":
                continue
            paragraph = rest
        kept.append(" ".join(paragraph.split("\n")))
    return "\n\n".join(kept).format_map(dict(values))
