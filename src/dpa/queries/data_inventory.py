"""What is held about people, read from the declarations of every app."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from classrooms.models import ChangesStudent, Observation, ObservationStudent, Photo
from contracts.registry import Declaration, declarations
from dpa.queries.subjects import Subjects, subjects_of
from isolation.router import schema_scope_of

STAYS = frozenset({"dpa.Erasure", "classrooms.Removal"})  # ids, and digests that go by themselves


@dataclass(frozen=True, slots=True)
class DataHolding:
    """The rows of one model about some people, found before anything is touched."""

    declaration: Declaration
    rows: QuerySet[Any]

    @property
    def label(self) -> str:
        """Return the model's name."""
        return self.declaration.label


def personal_data_of(subjects: Subjects) -> list[DataHolding]:
    """Return what is held about these people in the tenant we are in, in the order of the declarations."""
    return [DataHolding(one, one.about(subjects.ids)) for one in concerned(subjects)]


def concerned(subjects: Subjects) -> list[Declaration]:
    """Return the declarations of models that can hold something about these people, in their order.

    A pupil without an account has neither roles nor sessions.
    """
    asked = [one for one in declarations() if subjects.kinds & set(one.subjects)]
    if not subjects.people and not subjects.addresses:
        asked = [one for one in asked if not _of_accounts(one)]
    return asked


def _of_accounts(declaration: Declaration) -> bool:
    """Return whether only accounts stand in a model: those of sign-in and of roles lie in both schemas."""
    return declaration.model._meta.app_label not in {"audit"} and _home(declaration.model) == "both"


def _home(model: type[Model]) -> str:
    return schema_scope_of(model._meta.app_label, str(model._meta.model_name))


def counts_of(found: Iterable[DataHolding]) -> dict[str, int]:
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

    students: int
    observations: int
    observations_left: int
    photos: int
    photos_of_others: int
    results: int
    guardians: int
    others: Mapping[str, int] = field(default_factory=dict)  # rows, by the name of their model


def losses(ids: Collection[UUID]) -> Losses:
    """Return what would go if these people were erased, and which photos show others too."""
    subjects = subjects_of(ids)
    counts = counts_of(one for one in personal_data_of(subjects) if one.label not in STAYS)
    known = {"classrooms.Observation", "classrooms.Photo", "classrooms.Guardian", "classrooms.Student"}
    known |= {"learning.Result"}
    shared = observations_with_others([student.pk for student in subjects.students])
    photos = Photo.objects.filter(observation__in=shared).count()
    return Losses(
        students=len(subjects.students),
        observations=counts.get("classrooms.Observation", 0),
        observations_left=len(shared),
        photos=counts.get("classrooms.Photo", 0),
        photos_of_others=photos,
        results=counts.get("learning.Result", 0),
        guardians=counts.get("classrooms.Guardian", 0) if subjects.students else 0,
        others={label: count for label, count in counts.items() if label not in known},
    )


def observations_with_others(student_ids: Collection[UUID]) -> list[UUID]:
    """Return the observations about these pupils and somebody else: they stay, without them.

    Those that only their changes say to be about these pupils stay too.
    """
    mine = ObservationStudent.objects.filter(student_id__in=student_ids).values("observation_id")
    others = ObservationStudent.objects.filter(observation=OuterRef("pk")).exclude(student_id__in=student_ids)
    drafted = ChangesStudent.objects.filter(student_id__in=student_ids).values("changes__observation_id")
    rows = Observation.objects.filter(Exists(others), Q(pk__in=mine) | Q(pk__in=drafted))
    return list(rows.values_list("pk", flat=True))
