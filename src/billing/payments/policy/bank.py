"""What a bank's statement says, however it came."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from contracts.policy.redaction import redacted

MAX_LINES = 20_000

MAX_CENTS = 10**14 - 1  # more than any account moves, and the sum of all lines fits its column

NEEDED = ("booked_on", "text")

FIELDS = ("booked_on", "amount", "credit", "debit", "currency", "text", "name", "reference")


class Wrong(StrEnum):
    """Why a file can't be read; the words for it are in `billing.payments.labels`."""

    ABOVE = "a line above the titles"
    AMOUNT = "no amount"
    BOTH = "a debit and a credit"
    BALANCE = "a balance or a total among the lines"
    ATTRIBUTE = "an attribute that doesn't belong"
    CELLS = "another number of cells"
    CURRENCIES = "several currencies"
    CURRENCY = "no currency"
    DAY = "no day"
    DECIMALS = "more than two decimals"
    DOCTYPE = "a document type"
    EMPTY = "no booked line"
    DISTANT = "a day out of this century"
    ENCODING = "encoding"
    LARGE = "an amount too large"
    NUL = "a NUL character"
    QUOTE = "a quotation mark that isn't closed"
    LONG = "a value too long"
    LACKING = "an element that is missing"
    MISPLACED = "an element that isn't expected"
    REVERSED = "debits with a minus and without"
    SCHEMA = "not valid by its schema"
    SIDE = "neither debit nor credit"
    STATE = "a state that is neither booked nor not"
    TEXT = "text between elements"
    TITLES = "titles missing"
    TWICE = "a title that stands twice"
    TOO_BIG = "too big"
    TOO_MANY = "too many lines"
    TRUNCATED = "an end that is missing"
    UNBOOKED = "a word for what isn't booked, in a column nobody reads"
    UNTITLED = "a cell under no title"
    UNNAMED = "an attribute that is missing"
    VALUE = "a value that isn't allowed"
    VERSION = "another format"
    WIDE = "a cell too wide"
    XML = "not well-formed"
    ZERO = "lines of zero only"


class BadFile(ValueError):
    """Raised on a file that can't be read: why, where, and what stands there."""

    def __init__(self, why: Wrong, *, line: int = 0, element: str = "", value: str = "") -> None:
        super().__init__(f"{why}: {value[:200]}" if value else str(why))
        self.why = why
        self.line = line
        self.element = element
        self.value = value[:200]


@dataclass(frozen=True, slots=True)
class Entry:
    """One booked movement, free of card and account numbers; below zero: money that left.

    `reference` is the payer's end-to-end reference, `bank_reference` the account servicer's. `joined` is the
    text without the breaks of its lines, where there were any, and what else the bank says.
    """

    booked_on: date
    cents: int
    currency: str
    name: str = ""
    text: str = ""
    reference: str = ""
    bank_reference: str = ""
    joined: str = ""
    payer_account: str = field(default="", repr=False, compare=False)  # for digests only, never kept

    @property
    def clean(self) -> "Entry":
        """Return the same without any number of an account or a card, cut to what is kept."""
        return replace(
            self,
            name=redacted(self.name)[:140],
            text=redacted(self.text)[:500],
            reference=redacted(self.reference)[:80],
            joined=redacted(self.joined)[:2000],
        )


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account held on a day, in cents."""

    cents: int
    on: date


@dataclass(frozen=True, slots=True)
class StatementPart:
    """One statement of a file: an account's entries, between two balances where the bank says them."""

    entries: tuple[Entry, ...]
    account: str = field(default="", repr=False)  # for digests only, never kept
    told_account: str = field(default="", repr=False)  # as a CSV calls it: an IBAN, a number or a name
    reference: str = ""
    currency: str = "EUR"
    opening: Balance | None = None
    closing: Balance | None = None

    @property
    def difference_cents(self) -> int:
        """Return by how much the closing balance isn't the opening one and the entries; 0 when unsaid."""
        if self.opening is None or self.closing is None:
            return 0
        moved = sum(each.cents for each in self.entries if each.currency == self.currency)
        return self.closing.cents - self.opening.cents - moved


@dataclass(frozen=True, slots=True)
class ParsedStatement:
    """What a file holds: its statements, how many entries weren't booked yet, how many lines were of zero and
    how many said a balance.
    """

    format: str
    parts: tuple[StatementPart, ...]
    pending: int = 0
    zeros: int = 0
    balances: int = 0
    says_sides: bool = True  # False: neither a sign nor a column says which of its amounts left
    has_signs: bool = True  # what moved has signs of its own

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return the booked entries of all its statements."""
        return tuple(entry for part in self.parts for entry in part.entries)

    @property
    def reference(self) -> str:
        """Return the bank's name of the first statement."""
        return self.parts[0].reference[:80] if self.parts else ""


def digest_of(*parts: object) -> str:
    """Return a name for what may not be kept itself; empty for nothing."""
    return hashlib.sha256(repr(parts).encode()).hexdigest() if any(parts) else ""


def moved_entries(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the entries that moved money: one of zero informs, and can't be applied."""
    return tuple(each for each in entries if each.cents)
