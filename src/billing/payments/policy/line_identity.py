"""Which lines of a bank's files are the same line: known again in whatever file or statement it comes."""

import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from uuid import UUID

from billing.payments.policy.bank import Entry, digest_of
from billing.payments.policy.plain_text import plain_signs, plain_words

#: A servicer's reference is its own identity; the day may be said a little otherwise from file to file.
DAYS_APART = timedelta(days=5)

CSV = "csv"

_NO_REFERENCE = frozenset({"NONREF", "NOTPROVIDED", "NOTAVAILABLE", "NONE", "NA", ""})


@dataclass(frozen=True, slots=True)
class LineIdentity:
    """All that tells a line from another; `account` is a digest, empty where the file doesn't say it.

    `servicer` and `end_to_end` are digests of the two references, empty for none. A line that is kept has its
    `key`, and the `counterpart` of the other format that was known again by it, with the account that has.
    """

    account: str
    booked_on: date
    cents: int
    currency: str
    servicer: str
    end_to_end: str
    text: str
    name: str
    format: str
    told: str = ""  # a digest of what a CSV calls its account
    key: UUID | None = field(default=None, compare=False, repr=False)
    counterpart: str = field(default="", compare=False, repr=False)
    counterpart_account: str = field(default="", compare=False, repr=False)

    @property
    def is_csv(self) -> bool:
        """Return whether it came in a CSV: its words and references aren't cut as a CAMT's are."""
        return self.format == CSV

    @property
    def on_account(self) -> str:
        """Return the account it says, else the one its counterpart says."""
        return self.account or self.counterpart_account

    @property
    def as_counterpart(self) -> str:
        """Return a digest of what the same line has in each file of its own format.

        A servicer's reference is enough with the account; a CSV often doesn't say whose account it is.
        """
        if self.is_csv:
            return digest_of(CSV, *_all_else(self), self.servicer)
        if self.servicer:
            return digest_of(self.account, self.servicer, self.end_to_end)
        return digest_of(self.account, *_all_else(self))


def identity_of(entry: Entry, *, account: str, format: str, told: str = "") -> LineIdentity:
    """Return what tells an entry from another."""
    return LineIdentity(
        account,
        entry.booked_on,
        entry.cents,
        entry.currency,
        reference_digest(entry.bank_reference),
        reference_digest(entry.reference),
        entry.text,
        entry.name,
        format,
        told,
    )


def reference_digest(reference: str) -> str:
    """Return a digest of a reference; empty where the bank says that there is none."""
    plain = re.sub(r"\W", "", plain_signs(reference)).upper()
    return "" if plain in _NO_REFERENCE or not plain.strip("0") else digest_of(plain)


def recognised(lines: Sequence[LineIdentity], known: Iterable[LineIdentity]) -> list[LineIdentity | None]:
    """Return for each line of one statement the one among those known already that it is; None for a new one.

    A known line answers for one line only: two equal payments stay two, in the file that brought them and in
    every file that overlaps it. What is equal in everything is paired first. A statement that doesn't say its
    account is of one account all the same: the one that knows most of it.
    """
    everything = list(known)
    accounts = {each.on_account for each in everything} - {""}
    if len(accounts) < 2 or any(line.account for line in lines):
        return _paired(lines, everything)
    tried = []
    for account in sorted(accounts):
        tried.append(_paired(lines, [each for each in everything if each.on_account in ("", account)]))
    return max(tried, key=lambda found: sum(each is not None for each in found))


def _paired(lines: Sequence[LineIdentity], known: Sequence[LineIdentity]) -> list[LineIdentity | None]:
    """Return the known line of each: what is equal first, then known counterparts, then what is alike."""
    exact = _by(known, lambda each: each)
    found = [exact[line].pop(0) if exact.get(line) else None for line in lines]
    left = [each for rest in exact.values() for each in rest]
    counterparts = _by(left, lambda each: (each.is_csv, each.cents, each.currency, each.counterpart))
    for place, line in enumerate(lines):
        rest = counterparts.get((not line.is_csv, line.cents, line.currency, line.as_counterpart), [])
        if found[place] is None:
            first = next((n for n, each in enumerate(rest) if _same_account(line, each)), None)
            found[place] = rest.pop(first) if first is not None else None
    taken = {id(each) for each in found}
    alike = _Alike([each for each in left if id(each) not in taken])
    return [alike.take(line) if match is None else match for line, match in zip(lines, found, strict=True)]


class _Alike:
    """Known lines that wait for one that is alike, found without a look at each.

    Each answers once. The same format is found by the servicer's reference or by all else; the other by a
    reference, or by the rarest word of the line whose words the other holds.
    """

    def __init__(self, known: Sequence[LineIdentity]) -> None:
        self._known = known
        self._free = [True] * len(known)
        self._places: dict[object, deque[int]] = defaultdict(deque)
        often = Counter(word for each in known for word in _all_words(each))
        for place, each in enumerate(known):
            for key in self._keys(each, often):
                self._places[key].append(place)

    def take(self, line: LineIdentity) -> LineIdentity | None:
        """Return the first known line that is this one, taken from now on; None for none."""
        found = [place for key in self._wanted(line) if (place := self._first(key, line)) is not None]
        if not found:
            return None
        self._free[min(found)] = False
        return self._known[min(found)]

    def _first(self, key: object, line: LineIdentity) -> int | None:
        places = self._places.get(key, deque())
        while places and not self._free[places[0]]:
            places.popleft()
        for place in places:
            known = self._known[place]
            if self._free[place] and is_free_for(known, line) and is_same_line(line, known):
                return place
        return None

    def _keys(self, known: LineIdentity, often: Mapping[str, int]) -> Iterator[object]:
        money = (known.cents, known.currency, known.is_csv)
        yield "all else", money, bool(known.servicer), _all_else(known)
        yield "servicer", money, known.servicer
        for reference in {known.servicer, known.end_to_end} - {""}:
            yield "reference", money, known.booked_on, reference
        said = _all_words(known)
        for word in said:
            yield "word", money, known.booked_on, word
        if said:
            yield "rarest", money, known.booked_on, min(said, key=lambda word: (often[word], word))

    def _wanted(self, line: LineIdentity) -> Iterator[object]:
        same = (line.cents, line.currency, line.is_csv)
        yield "all else", same, False, _all_else(line)
        if line.servicer:
            yield "servicer", same, line.servicer
        else:
            yield "all else", same, True, _all_else(line)
        other = (line.cents, line.currency, not line.is_csv)
        for reference in {line.servicer, line.end_to_end} - {""}:
            yield "reference", other, line.booked_on, reference
        held = [("word", other, line.booked_on, word) for word in _all_words(line)]
        if held:
            yield min(held, key=lambda key: len(self._places.get(key, ())))
        for word in _all_words(line):
            yield "rarest", other, line.booked_on, word


def _by(
    lines: Iterable[LineIdentity], key: Callable[[LineIdentity], object]
) -> dict[object, list[LineIdentity]]:
    found: dict[object, list[LineIdentity]] = defaultdict(list)
    for each in lines:
        found[key(each)].append(each)
    return found


def is_free_for(known: LineIdentity, line: LineIdentity) -> bool:
    """Return whether a known line may answer for one it isn't known to be: it has no counterpart there."""
    return not known.counterpart or known.is_csv == line.is_csv


def with_counterparts(
    known: Iterable[LineIdentity], lines: Sequence[LineIdentity], found: Sequence[LineIdentity | None]
) -> list[LineIdentity]:
    """Return the known lines, each that answered for a line of the other format knowing it from now on."""
    answered = {
        id(match): line
        for line, match in zip(lines, found, strict=True)
        if match is not None and match.is_csv != line.is_csv
    }
    return [
        replace(each, counterpart=line.as_counterpart, counterpart_account=line.account)
        if (line := answered.get(id(each))) and not each.counterpart
        else each
        for each in known
    ]


def is_same_line(one: LineIdentity, other: LineIdentity) -> bool:
    """Return whether two lines are one: by the servicer's reference, else by all that is said of them."""
    if (one.cents, one.currency) != (other.cents, other.currency) or not _same_account(one, other):
        return False
    if one.is_csv != other.is_csv:
        return _same_across_formats(*((one, other) if one.is_csv else (other, one)))
    if one.end_to_end and other.end_to_end and one.end_to_end != other.end_to_end:
        return False
    if one.servicer and other.servicer:
        near = abs(one.booked_on - other.booked_on) <= DAYS_APART
        return one.servicer == other.servicer and near and not _contradict(one, other)
    return _all_else(one) == _all_else(other)


def _contradict(one: LineIdentity, other: LineIdentity) -> bool:
    """Return whether both name and text are others: a bank may give one reference twice."""
    return _differ(one.name, other.name) and _differ(one.text, other.text)


def _differ(one: str, other: str) -> bool:
    """Return whether two texts are both said and neither holds the words of the other."""
    ours, theirs = frozenset(words(one)), frozenset(words(other))
    return bool(ours and theirs) and not (ours <= theirs or theirs <= ours)


def _same_account(one: LineIdentity, other: LineIdentity) -> bool:
    """Return whether two lines may lie on one account: a CSV that doesn't say its own may be of any.

    Two that their CSVs call otherwise lie on two.
    """
    if one.told and other.told and one.told != other.told:
        return False
    said = [each.on_account for each in (one, other) if each.on_account]
    return len(said) < 2 or said[0] == said[1]


def _all_else(line: LineIdentity) -> tuple[object, ...]:
    return line.booked_on, line.end_to_end, words(line.text), words(line.name)


def _same_across_formats(csv: LineIdentity, camt: LineIdentity) -> bool:
    """Return whether a CSV's line is a CAMT's: the same day, and a reference or the words in common."""
    if csv.booked_on != camt.booked_on:
        return False
    if csv.servicer and csv.servicer in (camt.servicer, camt.end_to_end):
        return True
    ours, theirs = _all_words(csv), _all_words(camt)
    return bool(ours and theirs) and (ours <= theirs or theirs <= ours)


def _all_words(line: LineIdentity) -> frozenset[str]:
    return frozenset(words(f"{line.text} {line.name}"))


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a text, in whatever script."""
    return plain_words(text)
