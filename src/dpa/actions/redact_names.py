"""Take the names of people about to be erased out of the texts that stay."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Q

from classrooms.models import Observation, ObservationStudent, Photo, Reading, Student
from dpa.policy.redaction import without
from dpa.queries.holdings import observations_with_others
from people.models import Person

_TEXTS = ((Observation, "text"), (Photo, "caption"), (Reading, "answer"))


def redact_names(ids: Collection[UUID]) -> int:
    """Return how many texts were changed: full names everywhere, first names where a pupil stood beside others.

    A first name that another pupil of the same observation bears stays: it is theirs.
    """
    changed = 0
    for student in Student._base_manager.filter(pk__in=ids):
        changed += _beside_others(student)
    for first, last in _names(ids):
        changed += _everywhere([f"{first} {last}", f"{last} {first}"])
    return changed


def _names(ids: Collection[UUID]) -> set[tuple[str, str]]:
    students = Student._base_manager.filter(pk__in=ids).values_list("first_name", "last_name", "used_name")
    people = Person.objects.filter(pk__in=ids).values_list("first_name", "last_name")
    pairs = {(first, last) for first, *lasts in students for last in lasts} | set(people)
    return {(first, last) for first, last in pairs if first.strip() and last.strip()}


def _beside_others(student: Student) -> int:
    changed = 0
    for row in Observation.objects.filter(pk__in=observations_with_others([student.pk])).exclude(text=""):
        others = ObservationStudent.objects.filter(observation=row).exclude(student=student)
        namesakes = others.filter(student__first_name__iexact=student.first_name).exists()
        names = [student.full_name, f"{student.first_name} {student.last_name}"]
        names += [] if namesakes else [student.first_name]
        changed += _save(row, "text", names)
    return changed


def _everywhere(names: list[str]) -> int:
    changed = 0
    for model, field in _TEXTS:
        wanted = Q()
        for name in names:
            wanted |= Q(**{f"{field}__icontains": name})
        changed += sum(_save(row, field, names) for row in model._base_manager.filter(wanted))
    return changed


def _save(row: Any, field: str, names: Collection[str]) -> int:
    text = without(getattr(row, field), names=names)
    if text == getattr(row, field):
        return 0
    type(row)._base_manager.filter(pk=row.pk).update(**{field: text})
    return 1
