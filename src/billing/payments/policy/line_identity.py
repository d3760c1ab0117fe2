"""Which lines of a bank's files are the same line: known again in whatever file or statement it comes."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from billing.payments.policy.bank import Entry, digest_of

#: A servicer's reference is its own identity; the day may be said a little otherwise from file to file.
DAYS_APART = timedelta(days=5)

CSV = "csv"

_NO_REFERENCE = frozenset({"NONREF", "NOTPROVIDED", "NOTAVAILABLE", "NONE", "NA", ""})


@dataclass(frozen=True, slots=True)
class LineIdentity:
    """All that tells a line from another; `account` is a digest, empty where the file doesn't say it.

    `servicer` and `end_to_end` are digests of the two references, empty for none.
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

    @property
    def is_csv(self) -> bool:
        """Return whether it came in a CSV: its words and references aren't cut as a CAMT's are."""
        return self.format == CSV


def identity_of(entry: Entry, *, account: str, format: str) -> LineIdentity:
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
    )


def reference_digest(reference: str) -> str:
    """Return a digest of a reference; empty where the bank says that there is none."""
    plain = re.sub(r"\W", "", reference).upper()
    return "" if plain in _NO_REFERENCE or not plain.strip("0") else digest_of(plain)


def known_again(lines: Sequence[LineIdentity], known: Iterable[LineIdentity]) -> list[bool]:
    """Return for each line of one statement whether it stands among those known already.

    A known line answers for one line only: two equal payments stay two, in the file that brought them and in
    every file that overlaps it. What is equal in everything is paired first.
    """
    left = Counter(known)
    found = []
    for line in lines:
        found.append(left[line] > 0)
        left[line] -= found[-1]
    pool: dict[tuple[int, str], list[LineIdentity]] = defaultdict(list)
    for other in left.elements():
        pool[other.cents, other.currency].append(other)
    for place, line in enumerate(lines):
        candidates = pool[line.cents, line.currency]
        if found[place]:
            continue
        match = next((each for each in candidates if is_same_line(line, each)), None)
        if match is not None:
            candidates.remove(match)
            found[place] = True
    return found


def is_same_line(one: LineIdentity, other: LineIdentity) -> bool:
    """Return whether two lines are one: by the servicer's reference, else by all that is said of them."""
    if (one.cents, one.currency) != (other.cents, other.currency) or not _same_account(one, other):
        return False
    if one.is_csv != other.is_csv:
        return _same_across_formats(*((one, other) if one.is_csv else (other, one)))
    if one.end_to_end and other.end_to_end and one.end_to_end != other.end_to_end:
        return False
    if one.servicer and other.servicer:
        return one.servicer == other.servicer and abs(one.booked_on - other.booked_on) <= DAYS_APART
    return _all_else(one) == _all_else(other)


def _same_account(one: LineIdentity, other: LineIdentity) -> bool:
    """Return whether two lines may lie on one account: a CSV that doesn't say its own may be of any."""
    said = [each.account for each in (one, other) if each.account]
    return len(said) < 2 or said[0] == said[1]


def _all_else(line: LineIdentity) -> tuple[object, ...]:
    return line.booked_on, line.end_to_end, words(line.text), words(line.name)


def _same_across_formats(csv: LineIdentity, camt: LineIdentity) -> bool:
    """Return whether a CSV's line is a CAMT's: the same day, and a reference or the words in common."""
    if csv.booked_on != camt.booked_on:
        return False
    if csv.servicer and csv.servicer in (camt.servicer, camt.end_to_end):
        return True
    ours = frozenset(words(f"{csv.text} {csv.name}"))
    theirs = frozenset(words(f"{camt.text} {camt.name}"))
    return bool(ours and theirs) and (ours <= theirs or theirs <= ours)


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a text without case, accents and signs."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().upper()
    return tuple(re.findall(r"[A-Z0-9]+", plain))
