"""What a live database and its files hold beside what is declared, and what is declared and isn't there."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

Tables = Mapping[str, Collection[str]]  # columns by table


class Kind(StrEnum):
    """What is wrong with what is held."""

    SCHEMA_UNDECLARED = "schema undeclared"
    TABLE_UNDECLARED = "table undeclared"
    TABLE_MISSING = "table missing"
    COLUMN_UNDECLARED = "column undeclared"
    COLUMN_MISSING = "column missing"
    MODEL_UNDECLARED = "model undeclared"
    ROOM_UNDECLARED = "app undeclared"
    ROOM_MISSING = "app missing"
    FILE_UNDECLARED = "file undeclared"
    FILE_MISSING = "file missing"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something held that is declared nowhere, or declared and held nowhere: in which schema, its name."""

    where: str
    kind: Kind
    name: str


def table_findings(where: str, *, live: Tables, declared: Tables) -> list[Finding]:
    """Return what tables and columns of a schema are undeclared, and which declared ones it lacks."""
    found = [Finding(where, Kind.TABLE_UNDECLARED, name) for name in live if name not in declared]
    for table, columns in declared.items():
        if table not in live:
            found.append(Finding(where, Kind.TABLE_MISSING, table))
            continue
        there, known = set(live[table]), set(columns)
        found += [Finding(where, Kind.COLUMN_UNDECLARED, f"{table}.{name}") for name in there - known]
        found += [Finding(where, Kind.COLUMN_MISSING, f"{table}.{name}") for name in known - there]
    return sorted(found)


def file_findings(
    *, stored: Iterable[str], named: Collection[str], folders: Collection[str] = ()
) -> list[Finding]:
    """Return the stored files that no row names, and those a row names that are stored nowhere.

    Whatever lies in one of the `folders` ("…/") belongs to a row that names the folder.
    """
    there = set(stored)
    wanted = set(named)
    apart = {name for name in there - wanted if not name.startswith(tuple(folders))}
    found = [Finding("files", Kind.FILE_UNDECLARED, name) for name in apart]
    found += [Finding("files", Kind.FILE_MISSING, name) for name in wanted - there]
    return sorted(found)
