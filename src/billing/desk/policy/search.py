"""What somebody typed into the search of the console: words, and an amount where there is one."""

import re
from dataclasses import dataclass

from billing.money.policy.money import parse_amount

MAX_WORDS = 8

_SPACE = "[ \u00a0\u202f]"

_AMOUNT = re.compile(
    rf"(?<![\w.,-])\d{{1,3}}(?:{_SPACE}\d{{3}}){{0,3}}[.,]\d{{2}}(?![\w.,])|"
    r"(?<![\w.,-])\d{1,12}[.,]\d{2}(?![\w.,])"
)

_WHOLE = re.compile(rf"\d{{1,3}}(?:{_SPACE}\d{{3}}){{0,3}}|\d{{1,9}}")


@dataclass(frozen=True, slots=True)
class SearchText:
    """The words to find, all of them; an amount in cents to find with them, or instead of them (`either`)."""

    words: tuple[str, ...] = ()
    cents: int | None = None
    either: bool = False

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to look for."""
        return not self.words and self.cents is None


def asked(text: str) -> SearchText:
    """Return what to look for: "1 234,50" is an amount, "FA-2026-000012" words, "1200" the one or the
    other.
    """
    plain = text.replace("€", " ").replace("\x00", " ").strip()
    if _WHOLE.fullmatch(plain):
        return SearchText(tuple(plain.split())[:MAX_WORDS], parse_amount(plain) or None, either=True)
    found = _AMOUNT.search(plain)
    if found is None:
        return SearchText(tuple(plain.split())[:MAX_WORDS])
    rest = plain[: found.start()] + " " + plain[found.end() :]
    return SearchText(tuple(rest.split())[:MAX_WORDS], parse_amount(found[0]))


def prefix_query(words: tuple[str, ...]) -> str:
    """Return the words as PostgreSQL's full text wants them.

    Each may begin a longer one, all must be there.
    """
    quoted = (word.replace("\\", " ").replace("'", " ").strip() for word in words)
    return " & ".join(f"'{word}':*" for word in quoted if word)
