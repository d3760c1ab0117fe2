"""Dated tables of rates. A rate that isn't in the table is an error, never a guess."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from io import StringIO


class UnknownRate(LookupError):
    """Raised when a table doesn't know the rate of a day.

    `table` and `of` say which one and of when, where it is a table of interest: "statutory" or "ecb".
    """

    def __init__(self, text: str, *, table: str = "", of: str = "") -> None:
        super().__init__(text)
        self.table = table
        self.of = of


class BadTable(ValueError):
    """Raised on a table of rates that can't be read."""


@dataclass(frozen=True, slots=True, order=True)
class HalfYear:
    """January to June, or July to December."""

    year: int
    half: int

    @classmethod
    def of(cls, day: date) -> "HalfYear":
        """Return the half-year a day lies in."""
        return cls(day.year, 1 if day.month <= 6 else 2)

    @property
    def starts_on(self) -> date:
        """Return its first day, whose rates hold for all of it."""
        return date(self.year, 1 if self.half == 1 else 7, 1)

    def __str__(self) -> str:
        return f"{self.year}H{self.half}"


@dataclass(frozen=True, slots=True)
class Statutory:
    """The two statutory interest rates of a half-year, in per cent."""

    individual_pct: Decimal
    other_pct: Decimal


@dataclass(frozen=True, slots=True)
class Rates:
    """The statutory rates by half-year, and the ECB main refinancing rate by the day each came into force."""

    statutory_by_half: Mapping[HalfYear, Statutory]
    ecb_changes: tuple[tuple[date, Decimal], ...]

    def statutory(self, half: HalfYear) -> Statutory:
        """Return the statutory rates of a half-year.

        Raise UnknownRate when it isn't published in the table.
        """
        if half not in self.statutory_by_half:
            text = f"the statutory interest rate of {half} isn't known"
            raise UnknownRate(text, table="statutory", of=str(half))
        return self.statutory_by_half[half]

    def ecb(self, half: HalfYear) -> Decimal:
        """Return the ECB rate in force on a half-year's first day (code de commerce, art. L441-10 II).

        Raises UnknownRate before the table's first day and after the last day it speaks of: a later change
        may not have been entered. An unchanged rate is confirmed by a row of its own.
        """
        day = half.starts_on
        if not self.ecb_changes or not self.ecb_changes[0][0] <= day <= self.last_known_on:
            text = f"the ECB refinancing rate of {day.isoformat()} isn't known"
            raise UnknownRate(text, table="ecb", of=str(half))
        return [rate for since, rate in self.ecb_changes if since <= day][-1]

    @property
    def last_known_on(self) -> date:
        """Return the last day the tables speak of."""
        starts = [half.starts_on for half in self.statutory_by_half]
        return max([*starts, *(since for since, _ in self.ecb_changes)])


def parse_rates(*, statutory_csv: str, ecb_csv: str) -> Rates:
    """Return the rates written in two CSV texts.

    Raise BadTable on a row that can't be read or comes twice.
    """
    statutory: dict[HalfYear, Statutory] = {}
    for row in _rows(statutory_csv, "starts", "individual_creditor_pct", "other_creditor_pct"):
        half = HalfYear.of(_day(row["starts"]))
        if half in statutory or half.starts_on != _day(row["starts"]):
            raise BadTable(f"statutory rates: {row['starts']} is there twice or starts no half-year")
        statutory[half] = Statutory(_pct(row["individual_creditor_pct"]), _pct(row["other_creditor_pct"]))
    changes = [
        (_day(row["in_force_from"]), _pct(row["rate_pct"]))
        for row in _rows(ecb_csv, "in_force_from", "rate_pct")
    ]
    if len({since for since, _ in changes}) != len(changes):
        raise BadTable("ECB rates: a day is there twice")
    return Rates(statutory, tuple(sorted(changes)))


def _rows(text: str, *columns: str) -> Iterable[dict[str, str]]:
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    reader = csv.DictReader(StringIO("\n".join(lines)))
    if absent := set(columns) - set(reader.fieldnames or ()):
        raise BadTable(f"missing columns: {', '.join(sorted(absent))}")
    return list(reader)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadTable(f"not a day: {text!r}") from None


def _pct(text: str) -> Decimal:
    try:
        rate = Decimal(text)
    except (InvalidOperation, TypeError):
        raise BadTable(f"not a rate: {text!r}") from None
    if not rate.is_finite():
        raise BadTable(f"not a rate: {text!r}")
    return rate


@dataclass(frozen=True, slots=True)
class VatRate:
    """A country's or region's VAT from a day on; no standard rate means outside the scope of VAT."""

    country: str
    subdivisions: frozenset[str]
    in_force_from: date
    standard_pct: Decimal | None
    books_pct: Decimal | None


def vat_rate(table: Iterable[VatRate], *, country: str, subdivision: str | None, on: date) -> VatRate:
    """Return the VAT of a place on a day: the subdivision's own where it has one, else the country's.

    Raises UnknownRate when the table has neither.
    """
    known = [row for row in table if row.country == country and row.in_force_from <= on]
    own = [row for row in known if subdivision and subdivision in row.subdivisions]
    held = sorted(own or [row for row in known if not row.subdivisions], key=lambda row: row.in_force_from)
    if not held:
        raise UnknownRate(f"the VAT of {country} on {on.isoformat()} isn't known")
    return held[-1]
