"""How the text of a bank's CSV is cut into rows and cells."""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from billing.payments.policy.bank import MAX_LINES, BadFile, Wrong

#: A cell that begins as a day does, however it is written.
_DAY = re.compile(
    r"[\s\"']*(\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}|(19|20)\d{6}|\d{1,2}[-/. ][^\W\d]+\.?[-/. ]\d{2,4})\b"
)


def rows_of(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
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


def filled(rows: Iterator[tuple[int, list[str]]], delimiter: str) -> list[tuple[int, list[str]]]:
    """Return the rows that aren't empty, with their lines."""
    found: list[tuple[int, list[str]]] = []
    for number, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if len(found) == MAX_LINES:
            raise BadFile(Wrong.TOO_MANY, line=number, value=str(MAX_LINES))
        check_closed(row, delimiter, number)
        found.append((number, row))
    return found


def check_closed(row: Sequence[str], delimiter: str, line: int) -> None:
    """Refuse a cell that swallowed other cells: its quotation mark wasn't closed where it seems.

    Of a line begun before the mark or ended after it, the day is in the cell, however it is written.
    """
    for cell in row:
        pieces = cell.split("\n")
        parted = [piece.split(delimiter) for piece in pieces if len(pieces) > 1 and delimiter in piece]
        if any(_DAY.match(each) for cells in parted for each in cells):
            raise BadFile(Wrong.QUOTE, line=line)
