"""Write an observation down, a draft at first; its author alone changes it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction

from audit.actions import log_action
from classrooms.models import Observation, ObservationCompetency, ObservationStudent
from people.models import Person


@dataclass(frozen=True, slots=True)
class Written:
    """What the author wrote."""

    text: str
    observed_on: date
    student_ids: Collection[UUID] = ()
    levels: Mapping[UUID, str] = field(default_factory=dict)


@transaction.atomic
def start_observation(
    *, by: Person, written: Written, now: datetime, draft_id: UUID | None = None
) -> Observation:
    """Return a new draft, seen by its author alone; `draft_id` is the name its page already gave it."""
    observation = Observation.objects.create(
        id=draft_id or uuid4(),
        author=by,
        text=written.text,
        observed_on=written.observed_on,
        created_at=now,
        changed_at=now,
    )
    _connect(observation, written)
    log_action("observation.started", by=by, on=observation, at=now, about=written.student_ids)
    return observation


@transaction.atomic
def save_observation(*, observation: Observation, by: Person, written: Written, now: datetime) -> Observation:
    """Return the observation with what its author now wrote; saving what is there already changes nothing."""
    observation = Observation.objects.select_for_update().get(pk=observation.pk)
    before = _state(observation)
    after = (written.text, written.observed_on, set(written.student_ids), dict(written.levels))
    if before == after:
        return observation
    observation.text = written.text
    observation.observed_on = written.observed_on
    observation.changed_at = now
    observation.save(update_fields=["text", "observed_on", "changed_at"])
    _connect(observation, written)
    if not observation.is_draft:
        about = before[2] | after[2]
        log_action(
            "observation.changed",
            by=by,
            on=observation,
            at=now,
            about=about,
            personal={"text": [before[0], after[0]]},
        )
    return observation


@transaction.atomic
def complete_observation(*, observation: Observation, by: Person, now: datetime) -> Observation:
    """Return the observation, a draft no longer: in the record of its pupils, not shared with families."""
    observation = Observation.objects.select_for_update().get(pk=observation.pk)
    if observation.is_draft:
        observation.state = Observation.State.SAVED
        observation.save(update_fields=["state"])
        log_action("observation.kept", by=by, on=observation, at=now, about=students_of(observation))
    return observation


def students_of(observation: Observation) -> list[UUID]:
    """Return the ids of the pupils an observation is about."""
    return list(observation.links.values_list("student_id", flat=True))


def _state(observation: Observation) -> tuple[str, date, set[UUID], dict[UUID, str]]:
    levels = dict(observation.shown.values_list("competency_id", "level"))
    return observation.text, observation.observed_on, set(students_of(observation)), levels


def _connect(observation: Observation, written: Written) -> None:
    observation.links.exclude(student_id__in=written.student_ids).delete()
    ObservationStudent.objects.bulk_create(
        (ObservationStudent(observation=observation, student_id=pk) for pk in written.student_ids),
        ignore_conflicts=True,
    )
    observation.shown.exclude(competency_id__in=written.levels).delete()
    ObservationCompetency.objects.bulk_create(
        (
            ObservationCompetency(observation=observation, competency_id=pk, level=level)
            for pk, level in written.levels.items()
        ),
        update_conflicts=True,
        unique_fields=["observation", "competency"],
        update_fields=["level"],
    )
