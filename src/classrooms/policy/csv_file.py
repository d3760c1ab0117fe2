"""Reading the semicolon-separated files that French schools export."""

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from unicodedata import combining, normalize

from classrooms.policy.names import tidy
from contracts.policy.encodings import MARKS, UnknownEncoding, decoded, encoded_twice_at
from contracts.policy.readable import unreadable_signs

PUPILS = "pupils"
GUARDIANS = "guardians"
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class RowError:
    """One row, or the file itself, that can't be used.

    Where, why (a word of `classrooms.forms.words`), and in which of the two files.
    """

    line: int
    column: str
    reason: str
    facts: Mapping[str, str | int] = field(default_factory=dict)
    file: str = PUPILS


class UnreadableFile(Exception):
    """Raised when a file as a whole can't be used; carries the refusal to show."""

    def __init__(self, refusal: RowError):
        super().__init__(refusal.reason)
        self.refusal = refusal


def heading(text: str) -> str:
    """Return a column's name without case, accents, doubled spaces or the two shapes of an apostrophe."""
    plain = "".join(letter for letter in normalize("NFKD", text.replace("’", "'")) if not combining(letter))
    return tidy(plain).casefold()


def lines(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of the line on which each row starts, counted from 1, with its cells.

    Empty lines are passed over, and the line by which a spreadsheet says what parts the cells. Raises
    UnreadableFile when it is a spreadsheet or another register's export, is empty, holds a NUL, or when a
    quotation mark left open swallows the lines after it: none of them is lost in silence.
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
        if cells and any(cells) and not (last == 0 and cells[0].strip().casefold() == "sep="):
            yield last + 1, cells
        last = reader.line_num


def _text(data: bytes) -> str:
    if other := _other_export(data):
        raise UnreadableFile(RowError(1, "", other))
    try:
        text = decoded(data)
    except UnknownEncoding as wrong:
        if wrong.line or data.startswith(MARKS):
            reason = "damaged_text" if wrong.line else "unknown_encoding"
            raise UnreadableFile(RowError(wrong.line or 1, "", reason)) from None
        text = data.decode("latin-1")  # the columns tell which encoding it is, and that it is refused
    if (line := encoded_twice_at(text)) is not None:
        raise UnreadableFile(RowError(line, "", "encoded_twice"))
    if not text.strip():
        raise UnreadableFile(RowError(1, "", "empty_file"))
    if (place := text.find("\x00")) >= 0:
        raise UnreadableFile(RowError(len(_LINE_END.findall(text[:place])) + 1, "", "nul"))
    return text


def _other_export(data: bytes) -> str:
    """Return which other kind of file this is, told by its first bytes, "" for none that is known."""
    start = data[:4096]
    if start.startswith(b"PK\x03\x04"):
        return "oneroster" if b"manifest.csv" in data else "not_csv"
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return "siecle" if b"BEE_ELEVES" in start else "not_csv"
    return "not_csv" if b"\x00" in start[:64] and not start.startswith(MARKS) else ""


def column_missing(titles: Sequence[str], name: str, *, known: Collection[str], other: str) -> RowError:
    """Return why a file hasn't a column it can't be read without.

    It may be the other of the two files (`known` are the headings of that one, `other` says so), another
    register's, or written in an encoding of long ago, which is named.
    """
    found = {heading(title) for title in titles}
    if found & {"sourcedid", "givenname"}:
        return RowError(1, "", "oneroster")
    if found & _OF_SIECLE:
        return RowError(1, "", "siecle")
    for encoding, called in _OLD_ENCODINGS.items():
        if heading(name) in {heading(title) for title in _read_again(";".join(titles), encoding)}:
            return RowError(1, "", "old_encoding", {"name": called})
    return RowError(1, "", other) if set(known) <= found else RowError(1, name, "column_missing")


_OF_SIECLE = {"code mef", "mef", "code structure", "libelle mef", "division", "id national", "num eleve etab"}
_OLD_ENCODINGS = {"cp850": "MS-DOS (850)", "cp437": "MS-DOS (437)", "mac_roman": "Macintosh"}


def _read_again(raw: str, encoding: str) -> list[str]:
    """Return a first line's cells as they read in another encoding than the one that was taken for it."""
    for taken in ("cp1252", "iso-8859-15", "latin-1"):
        with suppress(UnicodeError):
            return raw.encode(taken).decode(encoding).split(";")
    return []


def check_widths(rows: Sequence[tuple[int, Sequence[str]]], titles: Sequence[str]) -> dict[int, RowError]:
    """Return the refusal of each row, by line, that hasn't as many cells as the file has columns.

    A cell more or less shifts all that follows. Columns without a title at the end may be left out, and one
    empty cell more stands where every row has it.
    """
    most = len(titles)
    least = max((place for place, title in enumerate(titles, start=1) if title.strip()), default=most)
    spare = len(rows) > 1 and all(len(cells) == most + 1 and not cells[-1].strip() for _line, cells in rows)
    found = {}
    for line, cells in rows:
        if not spare and not least <= len(cells) <= most:
            reason = "cut_short" if len(cells) < least else "cells_beyond"
            found[line] = RowError(line, "", reason, {"found": len(cells), "wanted": least})
    return found


def _swallows(cell: str) -> bool:
    """Return whether whole lines stand in a cell: an address may have two, none of them parted into cells."""
    return any(piece.count(";") > 1 for piece in _LINE_END.split(cell)[1:])


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
