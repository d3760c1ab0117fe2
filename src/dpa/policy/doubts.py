"""A name that may be another word: what was answered about it, and what goes when nobody was asked."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from people.policy.mentions import Mention, letters_of

_GOES = "+"
_STAYS = "-"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One doubtful mention in a text, with a key that says neither the text nor the name."""

    key: str
    mention: Mention


def doubts_in(text: str, mentions: Iterable[Mention], *, place: str) -> Iterator[Doubt]:
    """Yield the mentions of a text that aren't certain, each with its key.

    `place` says which text it is. The key stays when others of the text go: it counts those of one spelling.
    """
    seen: dict[str, int] = {}
    for one in mentions:
        if one.is_certain:
            continue
        said = letters_of(text[one.start : one.end])
        seen[said] = seen.get(said, 0) + 1
        told = f"{place}|{said}|{seen[said]}"
        yield Doubt(sha256(told.encode()).hexdigest()[:24], one)


def answers(shown: Collection[str], ticked: Collection[str]) -> list[str]:
    """Return what is kept of the answers: of each doubt that was shown, whether it goes."""
    return sorted(f"{_GOES if key in ticked else _STAYS}{key}" for key in set(shown))


def goes(doubt: Doubt, said: str, *, answered: Collection[str], borne: Collection[str]) -> bool:
    """Return whether a doubtful mention goes.

    As was answered or, where nobody was asked, when it is written as a name that nobody else here bears.
    `said` is what is written, `borne` the letters of the others' names.
    """
    if _GOES + doubt.key in answered:
        return True
    if _STAYS + doubt.key in answered:
        return False
    return doubt.mention.is_likely and letters_of(said) not in borne
