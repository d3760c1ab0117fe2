"""Where somebody is named in a text, in whatever spelling, and never inside another word."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from unicodedata import category

from isolation.policy.folding import fold, letter

GONE = "[…]"
_JOINED = frozenset(" '-._")  # what may stand between the parts of one name
_SHORT = 3  # letters: more often a word than a name
_JOINER = 3  # how many such signs at most
_UNSPACED = (  # Thai, Burmese, Korean, Khmer, Japanese, Chinese: no space between words, or none after a name
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1100, 0x11FF),
    (0x1780, 0x17FF),
    (0x3040, 0x30FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7AF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


@dataclass(frozen=True, slots=True)
class FullName:
    """The names of somebody: the first one and every last one they go by."""

    first: str
    lasts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """Where somebody is named: from one character up to another.

    It is certain when no other word could be meant, and likely when it is at least written as a name or,
    where the text is about them, is no short word.
    """

    start: int
    end: int
    is_certain: bool
    is_likely: bool


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    key: str
    is_capital: bool
    is_joined: bool  # to the word before it, by a hyphen


def letters_of(name: str) -> str:
    """Return a name's letters alone, folded: what all its spellings share."""
    return "".join(part for part in fold(name) if part.isalpha() or _is_sign(part))


def _is_sign(char: str) -> bool:
    return category(char).startswith("M")


def _words(text: str) -> list[_Word]:
    """Return the words of a text; where a script has no spaces each of its letters is one."""
    found: list[_Word] = []
    start = -1
    for place, char in enumerate(text):
        if char.isalpha() or _is_sign(char) or (letter(char) == "" and start >= 0):
            if start >= 0 and (_is_unspaced(char) or _is_unspaced(text[start])):
                found.append(_word(text, start, place, found))
                start = place
            start = place if start < 0 else start
        elif start >= 0:
            found.append(_word(text, start, place, found))
            start = -1
    if start >= 0:
        found.append(_word(text, start, len(text), found))
    return found


def _is_unspaced(char: str) -> bool:
    return any(first <= ord(char) <= last for first, last in _UNSPACED)


def _word(text: str, start: int, end: int, before: list[_Word]) -> _Word:
    between = fold(text[before[-1].end : start]) if before else ""
    first = text[start]
    return _Word(
        start, end, letters_of(text[start:end]), first != first.lower() or not first.upper(), between == "-"
    )


class Finder:
    """Finds the names of some people in any number of texts."""

    def __init__(self, people: Iterable[FullName]):
        self.whole: set[str] = set()
        self.alone: set[str] = set()
        for one in people:
            first = letters_of(one.first)
            lasts = {key for last in one.lasts if (key := letters_of(last))}
            self.whole |= {pair for last in lasts for pair in (first + last, last + first) if first}
            self.alone |= {key for key in (first, *lasts) if key}
        self.keys = frozenset(self.whole | self.alone)
        self.longest = max(map(len, self.keys), default=0)

    def find(self, text: str, *, is_about: bool, others: Collection[str] = ()) -> list[Mention]:
        """Return where they are named, in order.

        `is_about` says that the text is about them: then a part of a name is enough to be certain, as it is
        beside the whole one. `others` are first or last names that somebody else it is about bears: alone
        they name these. A part of a name in small letters may be another word, and is never certain.
        """
        words = _words(text)
        free = self.alone - {letters_of(name) for name in others}
        found: list[Mention] = []
        alone: list[tuple[_Word, ...]] = []
        place = 0
        while place < len(words):
            run = self._longest(text, words, place, self.whole)
            if run:
                found.append(Mention(run[0].start, run[-1].end, is_certain=True, is_likely=True))
            else:
                run = self._longest(text, words, place, free)
                alone += [run] if run else []
            place += max(1, len(run))
        is_named = is_about or bool(found)
        found += [
            Mention(
                run[0].start,
                run[-1].end,
                is_certain=is_named and run[0].is_capital,
                is_likely=run[0].is_capital or (is_named and _is_long(run)),
            )
            for run in alone
        ]
        return sorted(found, key=lambda one: one.start)

    def _longest(
        self, text: str, words: list[_Word], place: int, names: Collection[str]
    ) -> tuple[_Word, ...]:
        """Return the longest run of words from here that together are one of these names."""
        runs = [run for run in self._runs(text, words, place) if "".join(one.key for one in run) in names]
        runs = [run for run in runs if not _is_part(words, place, len(run))]
        return max(runs, key=len, default=())

    def _runs(self, text: str, words: list[_Word], place: int) -> Iterator[tuple[_Word, ...]]:
        length = 0
        for end in range(place, len(words)):
            if end > place and not _is_joined(text[words[end - 1].end : words[end].start]):
                return
            length += len(words[end].key)
            if length > self.longest:
                return
            yield tuple(words[place : end + 1])


def _is_long(run: tuple[_Word, ...]) -> bool:
    return sum(len(one.key) for one in run) > _SHORT


def _is_joined(between: str) -> bool:
    return len(between) <= _JOINER and set(fold(between)) <= _JOINED


def _is_part(words: list[_Word], place: int, count: int) -> bool:
    """Return whether a hyphen makes it a part of a longer name: Jean of Jean-Paul."""
    after = words[place + count] if place + count < len(words) else None
    return words[place].is_joined or (after is not None and after.is_joined)


def without(text: str, mentions: Iterable[Mention]) -> str:
    """Return the text with […] in place of each mention; several in a row are one."""
    end = 0
    parts: list[str] = []
    for one in mentions:
        between = text[end : one.start]
        if not (parts and parts[-1] == GONE and not between.strip()):
            parts += [between, GONE]
        end = one.end
    return "".join([*parts, text[end:]])
