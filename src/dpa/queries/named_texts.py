"""The texts that stay when somebody is erased, and where in them they are named."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from classrooms.models import (
    ChangesStudent,
    Group,
    ImportBatch,
    Observation,
    ObservationChanges,
    ObservationStudent,
    Photo,
    ReadReceipt,
    SchoolClass,
    Student,
)
from dpa.models import DataRequest, Erasure, Hold
from dpa.policy.doubts import Doubt, doubts_in
from dpa.queries.subjects import Subjects
from learning.models import Activity
from people.models import Person
from people.policy.mentions import Finder, FullName, Mention, letters_of

_INDEXED = 3  # letters: what an index of trigrams finds
OF_RECORD = {
    Observation: "id",
    ObservationChanges: "observation_id",
    Photo: "observation_id",
    ReadReceipt: "observation_id",
}
TEXTS: tuple[tuple[type[Any], str], ...] = (
    (Observation, "text"),
    (ObservationChanges, "text"),
    (Photo, "caption"),
    (ReadReceipt, "answer"),
    (SchoolClass, "name"),
    (Group, "name"),
    (Activity, "name"),
    (ImportBatch, "pupils_name"),
    (ImportBatch, "guardians_name"),
    (Erasure, "reason"),
    (Hold, "reason"),
    (DataRequest, "words"),
    (DataRequest, "sender"),
    (DataRequest, "answer"),
    (DataRequest, "extension_reason"),
)


@dataclass(frozen=True, slots=True)
class NamedText:
    """A text that stays, and where it names somebody who goes."""

    row: Any
    field: str
    observation_id: UUID | None
    mentions: tuple[Mention, ...]

    @property
    def text(self) -> str:
        """Return what it says."""
        return str(getattr(self.row, self.field))

    @property
    def doubts(self) -> list[Doubt]:
        """Return the mentions that may be another word."""
        place = f"{self.row._meta.label}|{self.row.pk}|{self.field}"
        return list(doubts_in(self.text, self.mentions, place=place))


def texts_naming(subjects: Subjects) -> list[NamedText]:
    """Return every text that names one of these people and doesn't go with them."""
    finder = Finder(_names(subjects))
    found: dict[tuple[type[Any], str], list[Any]] = defaultdict(list)
    for model, field, key in texts_that_say(sorted(finder.keys), TEXTS):
        found[model, field].append(key)
    read = [
        (row, field, getattr(row, OF_RECORD[model]) if model in OF_RECORD else None)
        for (model, field), keys in found.items()
        for row in model._base_manager.filter(pk__in=keys).order_by("pk")
    ]
    circle = _circle(subjects, {key for row, _field, pk in read if (key := _speaks_of(row, pk))})
    staying = (one for one in read if not circle.goes(_speaks_of(one[0], one[2])))
    texts = (_named(finder, row, field, pk, circle) for row, field, pk in staying)
    return [one for one in texts if one.mentions]


def _speaks_of(row: Any, observation_id: UUID | None) -> UUID | None:
    """Return what says whom a text is about: changes by their own id, else the observation."""
    return row.pk if isinstance(row, ObservationChanges) else observation_id


@dataclass(frozen=True, slots=True)
class _Circle:
    """Which observations and changes are about somebody who goes, and what the others in each are called."""

    about: frozenset[UUID]
    others: dict[UUID, list[str]]

    def goes(self, pk: UUID | None) -> bool:
        """Return whether an observation, or its changes, are about nobody else: they go with them."""
        return pk in self.about and not self.others.get(pk)


def _circle(subjects: Subjects, ids: Collection[UUID]) -> _Circle:
    gone = {one.pk for one in subjects.students}
    about: set[UUID] = set()
    others: dict[UUID, list[str]] = {}
    shared = ObservationStudent.objects.filter(observation_id__in=ids)
    drafted = ChangesStudent.objects.filter(changes_id__in=ids)
    names = ("student_id", "student__first_name", "student__last_name", "student__preferred_last_name")
    rows = chain(shared.values_list("observation_id", *names), drafted.values_list("changes_id", *names))
    for pk, student_id, *said in rows:
        if student_id in gone:
            about.add(pk)
        else:
            others.setdefault(pk, []).extend(filter(None, said))
    return _Circle(frozenset(about), others)


def _named(finder: Finder, row: Any, field: str, observation_id: UUID | None, circle: _Circle) -> NamedText:
    speaks_of = _speaks_of(row, observation_id)
    others: Iterable[str] = circle.others.get(speaks_of, ()) if speaks_of else ()
    is_about = speaks_of in circle.about
    found = finder.find(str(getattr(row, field)), is_about=is_about, others=tuple(others))
    return NamedText(row, field, observation_id, tuple(found))


def _names(subjects: Subjects) -> list[FullName]:
    pupils = [FullName(one.first_name, (one.last_name, one.preferred_last_name)) for one in subjects.students]
    return pupils + [FullName(one.first_name, (one.last_name,)) for one in subjects.people]


def names_borne(subjects: Subjects) -> frozenset[str]:
    """Return the letters of every first and last name of those who stay here."""
    pupils = Student._base_manager.exclude(pk__in=subjects.ids)
    adults = Person.objects.exclude(pk__in=subjects.ids)
    rows = chain(
        pupils.values_list("first_name", "last_name", "preferred_last_name"),
        adults.values_list("first_name", "last_name"),
    )
    return frozenset(letters_of(name) for name in {name for row in rows for name in row if name})


def texts_that_say(
    names: Collection[str], fields: Sequence[tuple[type[Any], str]]
) -> list[tuple[type[Any], str, Any]]:
    """Return the model, the field and the key of every text in which one of these names may stand.

    `names` are letters alone, folded. A text is looked at as its letters alone, whatever stands between
    them; a name too short for the index is looked for as a word. More is found than is meant.
    """
    if not names:
        return []
    likes = [f"%{name}%" for name in names if len(name) >= _INDEXED]
    words = [
        rf"\m{name}\M" if name.isascii() else name  # no space need stand before or after one in Chinese
        for name in names
        if len(name) < _INDEXED
    ]
    asked = [("public.name_letters({}) LIKE ANY(%s)", likes), ("public.name_key({}) ~ ANY(%s)", words)]
    asked = [(test, given) for test, given in asked if given]
    parts = [
        sql.SQL("SELECT {}, {} FROM {} WHERE {}").format(
            sql.Literal(number),
            sql.Identifier(model._meta.pk.column),
            sql.Identifier(model._meta.db_table),
            sql.SQL(" OR ").join(
                sql.SQL(test).format(sql.Identifier(model._meta.get_field(field).column))
                for test, _given in asked
            ),
        )
        for number, (model, field) in enumerate(fields)
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(parts), [given for _test, given in asked] * len(parts))
        return [(*fields[number], key) for number, key in cursor.fetchall()]
