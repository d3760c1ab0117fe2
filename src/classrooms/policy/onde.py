"""The pupils' file that ONDE, the French national register of pupils, exports."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from classrooms.policy.annex import Columns, student_columns
from classrooms.policy.csv_file import (
    RowError,
    UnreadableFile,
    check_readable,
    check_widths,
    column_missing,
    header_of,
    heading,
    lines,
)
from classrooms.policy.levels import KNOWN, is_level
from classrooms.policy.names import name_key, tidy

FIELDS: Mapping[str, str | None] = {
    "Nom élève": "last_name",
    "Nom d'usage élève": "preferred_last_name",
    "Prénom élève": "first_name",
    "Date naissance": "birth_on",
    "Niveau": "level",
    "Libellé classe": "class_name",
    "Identifiant classe": "class_code",
} | dict.fromkeys(
    (
        "Sexe",
        "INE",
        "Adresse1",
        "Cp1",
        "Commune1",
        "Pays1",
        "Adresse2",
        "Cp2",
        "Commune2",
        "Pays2",
        "Cycle",
        "Attestation fournie",
        "Autorisation associations",
        "Autorisation photo",
        "Décision de passage",
    )
)
REQUIRED = ("Nom élève", "Prénom élève", "Date naissance")
GUARDIANS_KNOW = ("courriel", "prenom enfant")  # headings of the other file
LONGEST = {"level": 20}  # characters; all others:
MAX_LENGTH = 100
OF_CHILDREN = {  # as places that aren't schools head the same columns
    "Nom enfant": "Nom élève",
    "Nom d'usage enfant": "Nom d'usage élève",
    "Prénom enfant": "Prénom élève",
    "Section": "Libellé classe",
}
_BY_HEADING = {heading(name): name for name in FIELDS} | {heading(a): b for a, b in OF_CHILDREN.items()}
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{4})-(\d{2})-(\d{2})")


class StudentRow(NamedTuple):
    """One pupil as the file has them; None stands for a column that isn't in the file, or isn't kept."""

    line: int
    last_name: str
    first_name: str
    birth_on: date
    preferred_last_name: str | None = None
    level: str | None = None
    class_name: str | None = None
    class_code: str | None = None


@dataclass(frozen=True, slots=True)
class StudentsFile:
    """What a file holds: usable rows, refused ones, and the columns that weren't kept."""

    rows: tuple[StudentRow, ...]
    refused: tuple[RowError, ...]
    dropped: tuple[str, ...]
    ignored: tuple[str, ...]


def read_students(data: bytes, *, allowed: frozenset[str] | set[str], today: date) -> StudentsFile:
    """Return the pupils of a file, columns found by their heading in any order.

    `allowed` is what the annex lets a school keep about pupils. A row that can't be used is refused with its
    line, its column and the reason; a file that can't be read at all is one refusal.
    """
    try:
        return _read(lines(data), allowed, today)
    except UnreadableFile as problem:
        return StudentsFile((), (problem.refusal,), (), ())


def _read(
    rows: Iterator[tuple[int, list[str]]], allowed: frozenset[str] | set[str], today: date
) -> StudentsFile:
    titles = header_of(rows)
    places, columns = _header(titles, allowed)
    used: list[StudentRow] = []
    refused: list[RowError] = []
    found = list(rows)
    uneven = check_widths(found, titles)
    for line, cells in found:
        if line in uneven:
            refused.append(uneven[line])
            continue
        try:
            used.append(_row(line, cells, places, today))
        except UnreadableFile as problem:
            refused.append(problem.refusal)
    return StudentsFile(tuple(used), tuple(refused), columns.dropped, columns.ignored)


def _header(cells: list[str], allowed: frozenset[str] | set[str]) -> tuple[dict[str, int], Columns]:
    names = [_BY_HEADING.get(heading(cell), tidy(cell)) for cell in cells]
    if len(cells) == 1 and cells[0].count(",") + cells[0].count("\t") > 1:
        raise UnreadableFile(RowError(1, "", "separator"))
    for name in REQUIRED:
        if name not in names:
            raise UnreadableFile(column_missing(cells, name, known=GUARDIANS_KNOW, other="guardians_file"))
    for name in FIELDS:
        if names.count(name) > 1:
            raise UnreadableFile(RowError(1, name, "column_twice"))
    columns = student_columns(filter(None, names), fields=FIELDS, allowed=allowed)
    for name in REQUIRED:
        if name not in columns.kept:
            raise UnreadableFile(RowError(1, name, "not_allowed"))
    return {field: names.index(name) for name, field in columns.kept.items()}, columns


def _row(line: int, cells: list[str], places: Mapping[str, int], today: date) -> StudentRow:
    values = {}
    for field, place in places.items():
        if place >= len(cells):
            raise UnreadableFile(RowError(line, _column(field), "cut_short", {"found": len(cells)}))
        cell = cells[place]
        text = tidy(cell)
        if "\n" in cell:
            raise UnreadableFile(RowError(line, _column(field), "open_quote"))
        if len(text) > (longest := LONGEST.get(field, MAX_LENGTH)):
            raise UnreadableFile(RowError(line, _column(field), "too_long", {"longest": longest}))
        check_readable(line, _column(field), text)
        values[field] = text
    for field in ("last_name", "first_name"):
        _named(line, field, values[field])
    if values.get("level") and not is_level(values["level"]):
        raise UnreadableFile(RowError(line, _column("level"), "unknown_level", {"known": ", ".join(KNOWN)}))
    values["birth_on"] = born_on(line, values["birth_on"], today)  # type: ignore[assignment]
    return StudentRow(line=line, **values)  # type: ignore[arg-type]


def _named(line: int, field: str, value: str) -> None:
    if not value:
        raise UnreadableFile(RowError(line, _column(field), "empty"))
    if not name_key(value):
        raise UnreadableFile(RowError(line, _column(field), "not_a_name"))


def born_on(line: int, text: str, today: date) -> date:
    """Return the day a cell says: 31/12/2019, or 2019-12-31. Raises UnreadableFile with what is wrong."""
    if not text:
        raise _wrong_day(line, "empty")
    found = _DAY.fullmatch(text)
    if found is None:
        raise _wrong_day(line, "not_a_date")
    parts = [int(part) for part in found.groups() if part]
    year, month, day = parts if found[4] else parts[::-1]
    try:
        born = date(year, month, day)
    except ValueError:
        raise _wrong_day(line, "no_such_day") from None
    if born > today:
        raise _wrong_day(line, "in_the_future")
    if born.year < today.year - 100:
        raise _wrong_day(line, "too_long_ago")
    return born


def _wrong_day(line: int, reason: str) -> UnreadableFile:
    return UnreadableFile(RowError(line, "Date naissance", reason))


def _column(field: str) -> str:
    return next(name for name, known in FIELDS.items() if known == field)
