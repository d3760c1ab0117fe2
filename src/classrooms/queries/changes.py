"""What a shared observation says, what its changes say, and which families read it before or after them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from classrooms.models import Guardianship, Observation, ObservationChanges, ReadReceipt, Student
from classrooms.policy.changes import Written, reading_state


@dataclass(frozen=True, slots=True)
class FamilyReading:
    """When a guardian last read an observation, of which of its pupils, and how that stands to its changes.

    `state` is a word of `classrooms.policy.changes`.
    """

    children: list[Student]
    read_at: datetime
    state: str


def written_in(observation: Observation) -> Written:
    """Return what stands in an observation: as families read it, once it is shared."""
    return Written(
        text=observation.text,
        observed_on=observation.observed_on,
        student_ids=list(observation.links.values_list("student_id", flat=True)),
        levels=dict(observation.shown.values_list("competency_id", "level")),
    )


def changes_of(observation: Observation) -> ObservationChanges | None:
    """Return the changes that aren't shared yet, None without any."""
    return ObservationChanges.objects.filter(observation=observation).first()


def latest_of(observation: Observation) -> Written:
    """Return what was last written of an observation, shared or not."""
    changes = changes_of(observation)
    if changes is None:
        return written_in(observation)
    return Written(
        text=changes.text,
        observed_on=changes.observed_on,
        student_ids=list(changes.links.values_list("student_id", flat=True)),
        levels={UUID(pk): level for pk, level in changes.levels.items()},
    )


def version_of(observation: Observation) -> str:
    """Return what says whether its changes were changed again, "" without any."""
    changes = changes_of(observation)
    return changes.version if changes else ""


def readings_of(observation: Observation) -> list[FamilyReading]:
    """Return who of the families has read an observation, the last first.

    Pupils who aren't in it any more, or are being deleted, aren't named.
    """
    about = Student.objects.filter(links__observation=observation).values("pk")
    links = Guardianship.objects.filter(student__in=about).select_related("student").order_by("id")
    rows = ReadReceipt.objects.filter(observation=observation).order_by("-read_at", "id")
    theirs: Any = Prefetch("guardian__guardianships", links, to_attr="in_it")
    return [_reading(observation, row) for row in rows.select_related("guardian").prefetch_related(theirs)]


def _reading(observation: Observation, row: Any) -> FamilyReading:
    state = reading_state(
        read_at=row.last_read_at,
        shared_at=observation.shared_at,
        changes_shared_at=observation.changes_shared_at,
    )
    return FamilyReading([link.student for link in row.guardian.in_it], row.last_read_at, state)
