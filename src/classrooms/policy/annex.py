"""Which columns of a school's file may be kept: those of the categories of data its annex B lists."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contracts.policy.clauses import keeps

STUDENT = {
    "last_name": "last_name",
    "preferred_last_name": "last_name",
    "first_name": "first_name",
    "birth_on": "birth_on",
    "level": "level",
    "class_name": "class",
    "class_code": "class",
}
GUARDIAN = {"email": "email"}


@dataclass(frozen=True, slots=True)
class Columns:
    """What becomes of a file's columns: kept (name to field), dropped by the annex, unknown to us."""

    kept: Mapping[str, str]
    dropped: tuple[str, ...]
    ignored: tuple[str, ...]


@keeps("LG-DBs")
def student_columns(
    header: Iterable[str], *, fields: Mapping[str, str | None], allowed: frozenset[str] | set[str]
) -> Columns:
    """Return which columns about pupils are kept, which the annex does not allow, and which nobody knows.

    `fields` names our field for each known column, None for one never kept; `allowed` is the annex's list for
    pupils.
    """
    return _sorted_out(header, fields, STUDENT, allowed)


@keeps("LG-DBk")
def guardian_columns(
    header: Iterable[str], *, fields: Mapping[str, str | None], allowed: frozenset[str] | set[str]
) -> Columns:
    """Return which columns about guardians are kept.

    The e-mail address at most, never a name, and none at all where the annex does not list guardians. The
    columns naming the children only serve to find the pupil.
    """
    return _sorted_out(header, fields, GUARDIAN, allowed)


def _sorted_out(
    header: Iterable[str],
    fields: Mapping[str, str | None],
    categories: Mapping[str, str],
    allowed: frozenset[str] | set[str],
) -> Columns:
    kept: dict[str, str] = {}
    dropped: list[str] = []
    ignored: list[str] = []
    for name in dict.fromkeys(header):
        field = fields.get(name)
        if name not in fields:
            ignored.append(name)
        elif field is not None and categories[field] in allowed:
            kept[name] = field
        else:
            dropped.append(name)
    return Columns(kept, tuple(dropped), tuple(ignored))
