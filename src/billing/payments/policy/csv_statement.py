"""How a bank's CSV is read: by the titles of its columns, every line or none."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from billing.money.policy.money import BadAmount, parse_amount
from billing.money.policy.possible_days import is_possible
from billing.payments.policy.bank import (
    MAX_CENTS,
    MAX_LINES,
    BadFile,
    Entry,
    ParsedStatement,
    StatementPart,
    Wrong,
    moved_entries,
)

#: Titles under which banks write the currency, read even where the mapping doesn't name the column.
CURRENCY_TITLES = ("devise", "currency", "monnaie", "ccy", "dev")

_CODE = re.compile(r"\b[A-Z]{3}\b")

_KNOWN_CODES = frozenset({"EUR", "USD", "GBP", "CHF", "CAD", "AED", "JPY", "CNY", "AUD", "SEK", "NOK", "DKK"})

#: A cell that begins as a day does, however it is written.
_DAY = re.compile(
    r"[\s\"']*(\d{1,4}[-/. ]\d{1,2}[-/. ]\d{2,4}|(19|20)\d{6}|\d{1,2}[-/. ][^\W\d]+\.?[-/. ]\d{2,4})\b"
)

_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP"}


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where each field stands, under which title, and how days and money are written."""

    places: Mapping[str, int]
    titles: Mapping[str, str]
    day_format: str
    currency: str
    row: Sequence[str]  # the titles of all columns as they stand


def read_csv(
    text: str, *, columns: Mapping[str, str], delimiter: str, day_format: str, currency: str = "EUR"
) -> ParsedStatement:
    """Return what a bank's CSV says. Raises BadFile with line and column.

    Lines before the one with the titles are skipped: banks write their own name there. Lines of zero are left
    out and counted.
    """
    rows = _rows(text, delimiter)
    line, head, places = _places(rows, columns)
    _check_closed(head, delimiter, line)
    titles = {field: head[place].strip() for field, place in places.items()}
    known = _Columns(places, titles, day_format, _currency_of_titles(titles) or currency, head)
    entries: list[Entry] = []
    for number, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if len(entries) == MAX_LINES:
            raise BadFile(Wrong.TOO_MANY, line=number, value=str(MAX_LINES))
        _check_closed(row, delimiter, number)
        _check_cells(row, known, number)
        entries.append(_entry(row, known, number))
    moved = moved_entries(entries)
    return ParsedStatement("csv", (StatementPart(moved),), zeros=len(entries) - len(moved))


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with the number of the line each begins on. Raises BadFile where one can't be cut."""
    if "\0" in text:
        raise BadFile(Wrong.NUL, line=text[: text.index("\0")].count("\n") + 1)
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    rows = csv.reader(io.StringIO(plain, newline=""), delimiter=delimiter, strict=True)
    while True:
        starts = rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            why = Wrong.WIDE if "field larger" in str(error) else Wrong.QUOTE
            raise BadFile(why, line=starts) from None
        yield starts, row


def _places(
    rows: Iterator[tuple[int, list[str]]], columns: Mapping[str, str]
) -> tuple[int, list[str], dict[str, int]]:
    """Return the line of the titles, the titles and where each field stands."""
    wanted = {field: _title(title) for field, title in columns.items() if title.strip()}
    longest: list[str] = []
    for number, row in rows:
        titles = [_title(cell) for cell in row]
        if set(wanted.values()) <= set(titles):
            unsaid = [title for title in CURRENCY_TITLES if title in titles]
            if "currency" not in wanted and unsaid:
                wanted["currency"] = unsaid[0]
            return number, row, {field: titles.index(title) for field, title in wanted.items()}
        longest = max(longest, row, key=lambda found: sum(1 for cell in found if cell.strip()))
    raise BadFile(Wrong.TITLES, value=", ".join(cell.strip() for cell in longest[:20]))


def _title(text: str) -> str:
    return " ".join(text.lower().split())


def _currency_of_titles(titles: Mapping[str, str]) -> str:
    """Return the currency that stands in the title of an amount: "Montant (USD)"."""
    words = " ".join(titles.get(field, "") for field in ("amount", "credit", "debit"))
    found = _KNOWN_CODES.intersection(_CODE.findall(words))
    return min(found) if len(found) == 1 else ""


def _check_closed(row: Sequence[str], delimiter: str, line: int) -> None:
    """Refuse a cell that swallowed other cells: its quotation mark wasn't closed where it seems.

    Of a line begun before the mark or ended after it, the day is in the cell, however it is written.
    """
    for cell in row:
        pieces = cell.split("\n")
        parted = [piece.split(delimiter) for piece in pieces if len(pieces) > 1 and delimiter in piece]
        if any(_DAY.match(each) for cells in parted for each in cells):
            raise BadFile(Wrong.QUOTE, line=line)


def _check_cells(row: Sequence[str], known: _Columns, line: int) -> None:
    """Refuse a line cut short, or one that a comma in an amount or in a label parted once too often.

    Cells left out at the end are read as empty only where a whole cell stands after the last one needed.
    """
    wanted = len(known.row)
    beyond = any(cell.strip() for cell in row[wanted:])
    lacks = any(title.strip() for title in known.row[len(row) :])
    if beyond or (lacks and len(row) <= max(known.places.values()) + 1):
        raise BadFile(Wrong.CELLS, line=line, value=f"{len(row)} ≠ {wanted}")


def _day_or_none(text: str, day_format: str) -> date | None:
    try:
        return datetime.strptime(text.strip(), day_format).date()  # noqa: DTZ007  no zone
    except ValueError:
        return None


def _entry(row: Sequence[str], known: _Columns, line: int) -> Entry:
    def cell(field: str) -> str:
        place = known.places.get(field)
        return row[place].strip() if place is not None and place < len(row) else ""

    booked_on = _day_or_none(cell("booked_on"), known.day_format)
    if booked_on is None:
        raise BadFile(Wrong.DAY, line=line, element=known.titles["booked_on"], value=cell("booked_on"))
    if not is_possible(booked_on):
        raise BadFile(Wrong.DISTANT, line=line, element=known.titles["booked_on"], value=cell("booked_on"))
    currency = _currency(cell("currency"), known, line)
    reference = _one_line(cell("reference"))
    text = cell("text")
    return Entry(
        booked_on,
        _cents(cell, known, currency, line),
        currency,
        _one_line(cell("name")),
        _one_line(text),
        reference,
        reference,
        joined="".join(piece.strip() for piece in text.split("\n")) if "\n" in text else "",
    ).clean


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _currency(written: str, known: _Columns, line: int) -> str:
    code = _SIGNS.get(written, written.upper()) or known.currency
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise BadFile(Wrong.CURRENCY, line=line, element=known.titles.get("currency", ""), value=written)
    return code


def _cents(cell: Callable[[str], str], known: _Columns, currency: str, line: int) -> int:
    """Return what a line moved.

    An amount and a credit keep their sign; banks write a debit with a minus or without.
    """
    found = 0
    said = False
    for field in ("amount", "credit", "debit"):
        written = cell(field)
        if not written:
            continue
        said = True
        cents = _amount(written, field, known, currency, line)
        found += -abs(cents) if field == "debit" else cents
    if not said:
        title = known.titles.get("amount") or known.titles.get("credit", "")
        raise BadFile(Wrong.AMOUNT, line=line, element=title)
    return found


def _amount(written: str, field: str, known: _Columns, currency: str, line: int) -> int:
    plain = written.replace("\u2212", "-").removeprefix("+")
    signs = [sign for sign, code in _SIGNS.items() if code == currency]
    for own in (currency, *signs):
        plain = plain.replace(own, "")
    try:
        cents = parse_amount(plain)
    except BadAmount:
        raise BadFile(Wrong.AMOUNT, line=line, element=known.titles[field], value=written) from None
    if abs(cents) > MAX_CENTS:
        raise BadFile(Wrong.LARGE, line=line, element=known.titles[field], value=written)
    return cents
