"""Reading the semicolon-separated files that French schools export."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from unicodedata import combining, normalize

from classrooms.policy.names import tidy
from contracts.policy.readable import unreadable_signs

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class RowError:
    """One row, or the file itself, that can't be used.

    Where, and why (a word of `classrooms.forms.reasons`).
    """

    line: int
    column: str
    reason: str
    facts: Mapping[str, str | int] = field(default_factory=dict)


class UnreadableFile(Exception):
    """Raised when a file as a whole can't be used; carries the refusal to show."""

    def __init__(self, refusal: RowError):
        super().__init__(refusal.reason)
        self.refusal = refusal


def decoded(data: bytes) -> str:
    """Return the text of a file written in UTF-8, with or without a mark, in UTF-16 with one, or else in
    Latin-1.

    Windows' own variant of Latin-1 is read first, as it is what is meant wherever they differ.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def heading(text: str) -> str:
    """Return a column's name without case, accents, doubled spaces or the two shapes of an apostrophe."""
    plain = "".join(letter for letter in normalize("NFKD", text.replace("’", "'")) if not combining(letter))
    return tidy(plain).casefold()


def lines(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of the line on which each row starts, counted from 1, with its cells.

    Empty lines are passed over. Raises UnreadableFile when it is a spreadsheet, is empty, holds a NUL, or
    when a quotation mark left open swallows the lines after it: none of them is lost in silence.
    """
    text = _text(data)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    last = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise UnreadableFile(RowError(last + 1, "", "not_csv")) from None
        if any(map(_swallows, cells)):
            raise UnreadableFile(RowError(last + 1, "", "open_quote"))
        if cells and any(cells):
            yield last + 1, cells
        last = reader.line_num


def _text(data: bytes) -> str:
    if data[:4] == b"PK\x03\x04" or b"\x00" in data[:64] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile(RowError(1, "", "not_csv"))
    text = decoded(data)
    if not text.strip():
        raise UnreadableFile(RowError(1, "", "empty_file"))
    if (place := text.find("\x00")) >= 0:
        raise UnreadableFile(RowError(len(_LINE_END.findall(text[:place])) + 1, "", "nul"))
    return text


def _swallows(cell: str) -> bool:
    """Return whether whole lines stand in a cell: an address may have two, none of them parted into cells."""
    return any(piece.count(";") > 1 for piece in _LINE_END.split(cell)[1:])


def check_width(line: int, cells: Sequence[str], *, width: int) -> None:
    """Refuse a row that says something beyond the last column. Raises UnreadableFile."""
    if any(cell.strip() for cell in cells[width:]):
        facts = {"found": len(cells), "wanted": width}
        raise UnreadableFile(RowError(line, "", "cells_beyond", facts))


def check_readable(line: int, column: str, text: str) -> None:
    """Refuse a cell with a character nobody can read. Raises UnreadableFile with which one and where."""
    for sign in unreadable_signs(text):
        reason = "lost_letter" if sign.is_lost else "unreadable"
        raise UnreadableFile(RowError(line, column, reason, {"place": sign.place, "code": sign.code}))


def header_of(rows: Iterator[tuple[int, list[str]]]) -> list[str]:
    """Return the cells of a file's first row. Raises UnreadableFile when there is none."""
    first = next(rows, None)
    if first is None:
        raise UnreadableFile(RowError(1, "", "empty_file"))
    return first[1]
