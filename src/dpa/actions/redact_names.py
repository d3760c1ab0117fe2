"""Take the names of people about to be erased out of the texts that stay."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from classrooms.models import Observation, ObservationStudent, Photo, ReadReceipt, Student
from dpa.gateways.rows import texts_that_say
from dpa.policy.redaction import pattern, without
from dpa.queries.data_inventory import observations_beside_others
from dpa.queries.subjects import Subjects

_TEXTS = ((Observation, "text"), (Photo, "caption"), (ReadReceipt, "answer"))

IN_TEXTS = "names_in_texts"  # what is counted of it in the evidence


def redact_names(subjects: Subjects) -> int:
    """Return how many texts were changed: full names everywhere, first names where a pupil stood beside
    others.

    What guardians answered there counts as about them too. A first name that another pupil of the same
    observation bears stays: it is theirs.
    """
    by_id = {student.pk: student for student in subjects.students}
    changed = sum(_beside_others(by_id[pk], beside) for pk, beside in observations_beside_others(by_id))
    names = [
        said for first, last in sorted(subjects.names) for said in (f"{first} {last}", f"{last} {first}")
    ]
    for model, field, key in texts_that_say([pattern(name) for name in names], _TEXTS) if names else ():
        changed += _save(model._base_manager.get(pk=key), field, names)
    return changed


def _beside_others(student: Student, observation_id: UUID) -> int:
    row = Observation.objects.get(pk=observation_id)
    others = ObservationStudent.objects.filter(observation=row).exclude(student=student)
    namesakes = others.filter(student__first_name__iexact=student.first_name).exists()
    names = [student.full_name, f"{student.first_name} {student.last_name}"]
    names += [] if namesakes else [student.first_name]
    answers = ReadReceipt.objects.filter(observation=row).exclude(answer="")
    return _save(row, "text", names) + sum(_save(answered, "answer", names) for answered in answers)


def _save(row: Any, field: str, names: Collection[str]) -> int:
    text = without(getattr(row, field), names=names)
    if text == getattr(row, field):
        return 0
    type(row)._base_manager.filter(pk=row.pk).update(**{field: text})
    return 1
