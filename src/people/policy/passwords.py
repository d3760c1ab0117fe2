"""What makes a password good enough: long, varied, not known, not made of what is known of its owner."""

import re
from collections.abc import Callable, Iterable

from isolation.policy.folding import fold

MIN_LENGTH = 15
MIN_DISTINCT = 8
PASSPHRASE_WORDS = 5
PASSPHRASE_LENGTH = 12
MAX_LENGTH = 256
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "azertyuiopqsdfghjklmwxcvbn",
    "qwertyuiopasdfghjklzxcvbnm",
    "0123456789",
)


def password_problems(password: str, *, about: Iterable[str], is_known: Callable[[str], bool]) -> list[str]:
    """Return the reasons to refuse a password, none when it is good.

    "short", "long", "plain", "known", "personal".

    At least 15 characters, 8 of them different, or a passphrase of five different words. `is_known` tells
    whether a lower-case text stands in the lists of common and breached passwords; `about` is what is known
    of the person.
    """
    if len(password) > MAX_LENGTH:
        return ["long"]
    folded = fold(password)
    problems = []
    if not is_passphrase(password):
        if len(password) < MIN_LENGTH:
            problems.append("short")
        elif len(set(folded)) < MIN_DISTINCT:
            problems.append("plain")
    if _is_known(folded, is_known):
        problems.append("known")
    if is_personal(folded, about):
        problems.append("personal")
    return problems


def is_passphrase(password: str) -> bool:
    """Return whether a password is at least five different words and twelve characters."""
    words = {word for word in re.split(r"[\s\-_.,;]+", fold(password)) if len(word) > 1}
    return len(words) >= PASSPHRASE_WORDS and len(password) >= PASSPHRASE_LENGTH


def is_personal(folded: str, about: Iterable[str]) -> bool:
    """Return whether most of a password is what anyone knows of its owner: name, address, school."""
    rest = folded
    parts = {part for text in about for part in re.split(r"\W+", fold(text)) if len(part) >= 3}
    for part in sorted(parts, key=len, reverse=True):
        rest = rest.replace(part, "")
    return bool(folded) and len(rest) < len(folded) / 2


def _is_known(folded: str, is_known: Callable[[str], bool]) -> bool:
    bare = re.sub(r"[^a-z]", "", folded)
    tries = (folded, folded.strip("0123456789 !?.*-_#$@"), bare, _unit(folded), _unit(bare))
    if any(text and is_known(text) for text in tries):
        return True
    if _is_walk(folded) or (len(folded) - len(bare) < 8 and _is_walk(bare)):
        return True
    return any(is_known(bare[:cut]) and is_known(bare[cut:]) for cut in range(4, len(bare) - 3))


def _is_walk(text: str) -> bool:
    """Return whether a text walks along a row of the keyboard, the alphabet or the figures, either way."""
    rows = [row * (len(text) // len(row) + 2) for row in _ROWS]
    return bool(text) and any(text in row or text in row[::-1] for row in rows)


def _unit(text: str) -> str:
    """Return the piece a text repeats ("abcabc" → "abc"), or the text itself."""
    turn = (text + text).find(text, 1)
    return text[:turn] if 0 < turn < len(text) else text
