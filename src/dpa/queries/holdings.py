"""What is held about people, read from the declarations of every room."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Lookup, Q, QuerySet
from django.db.models.sql import Query
from django.db.models.sql.where import WhereNode

from classrooms.models import Guardian, Observation, ObservationStudent, Photo, Student
from contracts.registry import Declaration, declarations
from people.models import Invitation, Person
from people.models.invitation import InvitationQuerySet


@dataclass(frozen=True, slots=True)
class Holding:
    """The rows of one model about some people, found before anything is touched."""

    declaration: Declaration
    rows: QuerySet[Any]

    @property
    def label(self) -> str:
        """Return the model's name."""
        return self.declaration.label

    def files(self) -> list[str]:
        """Return the names of the files that go with the rows."""
        found: list[str] = []
        for name in self.declaration.files:
            found += [file for file in self.rows.values_list(name, flat=True) if file]
        return found


def holdings(ids: Collection[UUID]) -> list[Holding]:
    """Return what is held about these people in the tenant we are in, in the order in which it can be erased.

    Rows found through other rows are pinned by their keys, as those others may be the first to go.
    """
    found = []
    for declaration in declarations():
        rows = declaration.about(ids)
        if not _stands_alone(rows):
            rows = declaration.model._base_manager.filter(pk__in=list(rows.values_list("pk", flat=True)))
        found.append(Holding(declaration, rows))
    return found


def _stands_alone(rows: QuerySet[Any]) -> bool:
    """Return whether these rows are found by their own columns and forward keys only: those they point to go later."""
    joins = [getattr(join, "join_field", None) for join in rows.query.alias_map.values()]
    forward = all(key.concrete and not key.many_to_many for key in joins if key is not None)
    return forward and not _asks_elsewhere(rows.query.where)


def _asks_elsewhere(node: Any) -> bool:
    if isinstance(node, WhereNode):
        return any(_asks_elsewhere(child) for child in node.children)
    return not isinstance(node, Lookup) or hasattr(node.rhs, "query") or isinstance(node.rhs, Query)


def invitations_to(ids: Collection[UUID]) -> InvitationQuerySet:
    """Return the invitations sent to these people, whether or not they answered: to their account or address."""
    people = Person.objects.filter(pk__in=ids).exclude(email=None).values_list("email", flat=True)
    guardians = Guardian.objects.filter(pk__in=ids).values_list("email", flat=True)
    addresses = {email.lower() for email in (*people, *guardians) if email}
    rows: InvitationQuerySet = Invitation.objects.filter(Q(person_id__in=ids) | Q(email__in=addresses))
    return rows


def counts_of(found: Iterable[Holding]) -> dict[str, int]:
    """Return how many rows of each model there are; models without any are left out."""
    counted = {one.label: one.rows.count() for one in found}
    return {label: count for label, count in counted.items() if count}


def held_by_category() -> list[tuple[str, int]]:
    """Return how many rows of each annex B category the tenant holds about anybody."""
    total: Counter[str] = Counter()
    for declaration in declarations():
        total[str(declaration.category)] += declaration.model._base_manager.count()
    return sorted(total.items())


@dataclass(frozen=True, slots=True)
class Losses:
    """What a deletion takes, for the page that asks whether it should."""

    observations: int
    observations_left: int
    photos: int
    photos_of_others: int
    results: int
    others: int


def losses(ids: Collection[UUID]) -> Losses:
    """Return what would go if these people were erased, and which photos show others too."""
    counts = counts_of(holdings(ids))
    known = {"classrooms.Observation", "classrooms.Photo", "learning.Result"}
    students = list(Student._base_manager.filter(pk__in=ids).values_list("pk", flat=True))
    shared = observations_with_others(students)
    photos = Photo.objects.filter(observation__in=shared).count()
    return Losses(
        observations=counts.get("classrooms.Observation", 0),
        observations_left=len(shared),
        photos=counts.get("classrooms.Photo", 0),
        photos_of_others=photos,
        results=counts.get("learning.Result", 0),
        others=sum(count for label, count in counts.items() if label not in known),
    )


def observations_with_others(student_ids: Collection[UUID]) -> list[UUID]:
    """Return the observations about these pupils and somebody else: they stay, without them."""
    mine = ObservationStudent.objects.filter(student_id__in=student_ids).values("observation_id")
    others = ObservationStudent.objects.exclude(student_id__in=student_ids).values("observation_id")
    rows = Observation.objects.filter(pk__in=mine).filter(pk__in=others)
    return list(rows.values_list("pk", flat=True))
