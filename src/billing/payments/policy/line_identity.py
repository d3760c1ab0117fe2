"""Which lines of a bank's files are the same line: known again in whatever file or statement it comes."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from uuid import UUID

from billing.payments.policy.bank import Entry, digest_of
from billing.payments.policy.plain_text import plain_signs

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
        key = (not line.is_csv, line.cents, line.currency, line.as_counterpart)
        rest = [each for each in counterparts.get(key, ()) if _same_account(line, each)]
        if found[place] is None and rest:
            found[place] = rest[0]
            counterparts[key] = [each for each in counterparts[key] if each is not rest[0]]
    taken = {id(each) for each in found}
    pool = _by(left, lambda each: (each.cents, each.currency))
    for place, line in enumerate(lines):
        if found[place] is not None:
            continue
        for each in pool.get((line.cents, line.currency), ()):
            if id(each) not in taken and is_free_for(each, line) and is_same_line(line, each):
                found[place] = each
                taken.add(id(each))
                break
    return found


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
    """Return whether two lines may lie on one account: a CSV that doesn't say its own may be of any."""
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
    ours = frozenset(words(f"{csv.text} {csv.name}"))
    theirs = frozenset(words(f"{camt.text} {camt.name}"))
    return bool(ours and theirs) and (ours <= theirs or theirs <= ours)


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a text without case, accents and signs."""
    plain = unicodedata.normalize("NFKD", plain_signs(text)).encode("ascii", "ignore").decode().upper()
    return tuple(re.findall(r"[A-Z0-9]+", plain))
