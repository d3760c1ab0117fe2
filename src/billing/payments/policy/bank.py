"""What a bank's statement says, however it came, and how a CSV is read."""

import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from billing.money.policy.money import BadAmount, parse_amount
from contracts.policy.redaction import redacted

MAX_LINES = 20_000

NEEDED = ("booked_on", "text")

FIELDS = ("booked_on", "amount", "credit", "debit", "text", "name", "reference")


class BadFile(ValueError):
    """Raised on a file that can't be read: where, and why."""

    def __init__(self, why: str, *, line: int = 0, element: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.line = line
        self.element = element


@dataclass(frozen=True, slots=True)
class Entry:
    """One booked movement, free of card and account numbers; below zero: money that left."""

    booked_on: date
    cents: int
    currency: str
    name: str = ""
    text: str = ""
    reference: str = ""
    bank_reference: str = ""

    @property
    def clean(self) -> "Entry":
        """Return the same without any number of an account or a card, cut to what is kept."""
        return Entry(
            self.booked_on,
            self.cents,
            self.currency,
            redacted(self.name)[:140],
            redacted(self.text)[:500],
            redacted(self.reference)[:80],
            self.bank_reference,
        )


@dataclass(frozen=True, slots=True)
class ParsedStatement:
    """What a file holds: the booked entries, and how many weren't booked yet."""

    format: str
    entries: tuple[Entry, ...]
    reference: str = ""
    pending: int = 0


def fingerprints(entries: Iterable[Entry], *, account: str = "") -> list[str]:
    """Return a name for each entry that is the same in every file it stands in; equal entries are counted.

    Files of a bank overlap: what an earlier one held is known again by it. The account is only part of a
    digest.
    """
    seen = dict[tuple[object, ...], int]()
    found = []
    for each in entries:
        key = (
            account,
            each.booked_on,
            each.cents,
            each.currency,
            each.bank_reference or (each.text, each.name),
        )
        seen[key] = seen.get(key, 0) + 1
        found.append(hashlib.sha256(repr((*key, seen[key])).encode()).hexdigest())
    return found


def read_csv(
    text: str, *, columns: Mapping[str, str], delimiter: str, day_format: str, currency: str = "EUR"
) -> ParsedStatement:
    """Return what a bank's CSV says, by the titles of its columns. Raises BadFile with line and column.

    Lines before the one with the titles are skipped: banks write their own name there.
    """
    rows = csv.reader(text.splitlines(), delimiter=delimiter)
    places, start = _places(rows, columns)
    entries: list[Entry] = []
    for number, row in enumerate(rows, start=start + 1):
        if not any(cell.strip() for cell in row):
            continue
        if len(entries) == MAX_LINES:
            raise BadFile(f"more than {MAX_LINES} lines", line=number)
        entries.append(_entry(row, places, columns, day_format, currency, number))
    return ParsedStatement("csv", tuple(entries))


def _places(rows: Iterator[list[str]], columns: Mapping[str, str]) -> tuple[dict[str, int], int]:
    wanted = {field: title.strip().lower() for field, title in columns.items() if title.strip()}
    longest: list[str] = []
    for number, row in enumerate(rows, start=1):
        titles = [cell.strip().lower() for cell in row]
        if set(wanted.values()) <= set(titles):
            return {field: titles.index(title) for field, title in wanted.items()}, number
        longest = max(longest, row, key=lambda found: sum(1 for cell in found if cell.strip()))
    raise BadFile(
        f"no line holds all titles; the file has: {', '.join(cell.strip() for cell in longest[:20])}"
    )


def _entry(
    row: Sequence[str],
    places: Mapping[str, int],
    columns: Mapping[str, str],
    day_format: str,
    currency: str,
    line: int,
) -> Entry:
    def cell(field: str) -> str:
        place = places.get(field)
        return row[place].strip() if place is not None and place < len(row) else ""

    try:
        booked_on = datetime.strptime(cell("booked_on"), day_format).date()  # noqa: DTZ007  no zone
    except ValueError:
        raise BadFile(f"no day: {cell('booked_on')!r}", line=line, element=columns["booked_on"]) from None
    cents = _cents(cell, columns, line)
    return Entry(
        booked_on, cents, currency, cell("name"), cell("text"), cell("reference"), cell("reference")
    ).clean


def _cents(cell: Callable[[str], str], columns: Mapping[str, str], line: int) -> int:
    found = 0
    for field, sign in (("amount", 0), ("credit", 1), ("debit", -1)):
        written = cell(field).removeprefix("+").replace("€", "").strip()
        if not written:
            continue
        try:
            cents = parse_amount(written)
        except BadAmount:
            raise BadFile(f"no amount: {written!r}", line=line, element=columns[field]) from None
        found += sign * abs(cents) if sign else cents
    if found == 0:
        raise BadFile("no amount", line=line, element=columns.get("amount") or columns.get("credit", ""))
    return found
