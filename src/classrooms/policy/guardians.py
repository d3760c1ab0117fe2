"""The guardians' file that ONDE exports: one row an adult, up to three children beside it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from classrooms.policy.annex import guardian_columns
from classrooms.policy.csv_file import (
    GUARDIANS,
    RowError,
    UnreadableFile,
    check_readable,
    check_widths,
    column_missing,
    header_of,
    heading,
    lines,
)
from classrooms.policy.names import tidy

ADULT: dict[str, str | None] = {"Courriel": "email"} | dict.fromkeys(
    (
        "Civilité Responsable",
        "Nom usage responsable",
        "Nom responsable",
        "Prénom responsable",
        "Adresse responsable",
        "CP responsable",
        "Commune responsable",
        "Pays",
        "Téléphone domicile",
        "Téléphone travail",
        "Téléphone portable",
    )
)
CHILD = {
    "Nom de famille enfant": "last_name",
    "Nom d'usage enfant": "preferred_last_name",
    "Prénom enfant": "first_name",
    "Classes enfants": "classes",
}
_BY_HEADING = {heading(name): name for name in (*ADULT, *CHILD)}
PUPILS_KNOW = ("nom eleve", "prenom eleve")  # headings of the other file


class Child(NamedTuple):
    """A child named beside an adult."""

    last_name: str
    preferred_last_name: str
    first_name: str
    classes: str


class GuardianRow(NamedTuple):
    """One adult: the address, and the children beside it."""

    line: int
    email: str
    children: tuple[Child, ...]


@dataclass(frozen=True, slots=True)
class GuardiansFile:
    """What a guardians' file holds."""

    rows: tuple[GuardianRow, ...]
    refused: tuple[RowError, ...]
    dropped: tuple[str, ...]
    ignored: tuple[str, ...]


def read_guardians(
    data: bytes, *, allowed: frozenset[str] | set[str], is_address: Callable[[str], bool]
) -> GuardiansFile:
    """Return the guardians of a file: of each, the e-mail address and the children, nothing else.

    The headings about children come several times; the nth of each belongs to the nth child. Where the annex
    doesn't allow guardians no row is kept at all, and all columns about them are reported as dropped.
    `is_address` says whether a form would take an e-mail address.
    """
    try:
        found = _read(lines(data), allowed, is_address)
    except UnreadableFile as problem:
        found = GuardiansFile((), (problem.refusal,), (), ())
    return replace(found, refused=tuple(replace(refusal, file=GUARDIANS) for refusal in found.refused))


def _read(
    rows: Iterator[tuple[int, list[str]]],
    allowed: frozenset[str] | set[str],
    is_address: Callable[[str], bool],
) -> GuardiansFile:
    titles = header_of(rows)
    names = [_BY_HEADING.get(heading(cell), tidy(cell)) for cell in titles]
    for name in ("Courriel", "Nom de famille enfant", "Prénom enfant"):
        if name not in names:
            raise UnreadableFile(column_missing(titles, name, known=PUPILS_KNOW, other="pupils_file"))
    if names.count("Courriel") > 1:
        raise UnreadableFile(RowError(1, "Courriel", "column_twice"))
    columns = guardian_columns((n for n in names if n and n not in CHILD), fields=ADULT, allowed=allowed)
    if not columns.kept:
        return GuardiansFile((), (), (*columns.dropped, *CHILD), columns.ignored)
    found = list(rows)
    uneven = check_widths(found, titles)
    even = [row for row in found if row[0] not in uneven]
    used, refused = _adults(even, names.index("Courriel"), _groups(names), is_address)
    refused = sorted([*uneven.values(), *refused], key=lambda refusal: refusal.line)
    return GuardiansFile(tuple(used), tuple(refused), columns.dropped, columns.ignored)


def _groups(names: list[str]) -> list[dict[str, int]]:
    groups: list[dict[str, int]] = []
    for place, name in enumerate(names):
        if name in CHILD:
            rank = names[:place].count(name)
            groups += [{} for _ in range(rank + 1 - len(groups))]
            groups[rank][CHILD[name]] = place
    return groups


def _adults(
    rows: Iterable[tuple[int, list[str]]],
    mail: int,
    groups: list[dict[str, int]],
    is_address: Callable[[str], bool],
) -> tuple[list[GuardianRow], list[RowError]]:
    used: list[GuardianRow] = []
    refused: list[RowError] = []
    for line, cells in rows:
        cell = [
            *map(tidy, cells),
            *[""] * (1 + max(mail, *(place for group in groups for place in group.values()))),
        ]
        children = tuple(filter(None, (_child(cell, group) for group in groups)))
        email = cell[mail].lower()
        try:
            check_readable(line, "Courriel", email)
            for name in (name for child in children for name in child):
                check_readable(line, "Prénom enfant", name)
        except UnreadableFile as problem:
            refused.append(problem.refusal)
            continue
        if not email:
            refused.append(RowError(line, "Courriel", "no_address"))
        elif len(email) > 254 or not is_address(email):
            refused.append(RowError(line, "Courriel", "not_an_address"))
        elif not children:
            refused.append(RowError(line, "Prénom enfant", "no_child"))
        else:
            used.append(GuardianRow(line, email, children))
    return used, refused


def _child(cells: list[str], group: dict[str, int]) -> Child | None:
    value = {field: cells[place] for field, place in group.items()}
    if not (value.get("first_name") or value.get("last_name")):
        return None
    return Child(*(value.get(field, "") for field in Child._fields))
