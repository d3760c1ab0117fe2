"""Pupils and guardians as the two files that an import reads: what is taken along can be brought in again."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import Q

from classrooms.models import Guardianship
from classrooms.models.students import StudentQuerySet
from classrooms.queries.lists import with_class
from contracts.policy.clauses import keeps

PUPILS = (
    "Nom élève",
    "Nom d'usage élève",
    "Prénom élève",
    "Date naissance",
    "Niveau",
    "Libellé classe",
)
CHILD = ("Nom de famille enfant", "Nom d'usage enfant", "Prénom enfant", "Classes enfants")


@keeps("LG-D12")
def pupils_for_import(students: StudentQuerySet) -> Iterator[list[Any]]:
    """Yield the lines of the pupils' file, its heading first: those who are here, each with their class."""
    yield list(PUPILS)
    rows: Any = with_class(students.filter(left_on=None)).by_name()
    for one in rows:
        yield [
            one.last_name,
            one.preferred_last_name,
            one.first_name,
            f"{one.birth_on:%d/%m/%Y}",
            one.level,
            one.class_name or "",
        ]


@keeps("LG-D12")
def guardians_for_import(students: StudentQuerySet, *, without: Collection[UUID]) -> Iterator[list[str]]:
    """Yield the lines of the guardians' file, its heading first: an address, and beside it each child of
    theirs who is here; of everybody but those `without`, who are leaving.
    """
    rows: Any = with_class(students.filter(left_on=None))
    classes = {one.pk: one.class_name or "" for one in rows}
    found = _children(classes.keys(), without)
    widest = max((len(children) for children in found.values()), default=1)
    yield ["Courriel", *(CHILD * widest)]
    for email, children in sorted(found.items()):
        cells = [
            (one.last_name, one.preferred_last_name, one.first_name, classes[one.pk]) for one in children
        ]
        empty = [("",) * len(CHILD)] * (widest - len(children))
        yield [email, *chain.from_iterable([*cells, *empty])]


def _children(ids: Collection[UUID], without: Collection[UUID]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    rows = Guardianship.objects.filter(student_id__in=list(ids)).select_related("guardian", "student")
    gone = Q(guardian_id__in=list(without)) | Q(guardian__person_id__in=list(without))
    for link in rows.exclude(gone).order_by("student__last_name", "student__first_name", "student_id"):
        found[link.guardian.email].append(link.student)
    return found
