"""Write an observation down, a draft at first; its author alone changes it."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from audit.actions import log_action
from classrooms.actions.draft_changes import draft_changes
from classrooms.models import Observation, ObservationCompetency, ObservationStudent
from classrooms.policy.changes import Written
from classrooms.queries.changes import written_in
from people.models import Person


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
    connect(observation, written)
    log_action("observation.started", by=by, on=observation, at=now, about=written.student_ids)
    return observation


@transaction.atomic
def save_observation(*, observation: Observation, by: Person, written: Written, now: datetime) -> Observation:
    """Return the observation with what its author now wrote; saving what is there already changes nothing.

    What is shared stays as it was shared: what is written of it is kept as its changes.
    """
    observation = Observation.objects.select_for_update().get(pk=observation.pk)
    if observation.is_shared:
        draft_changes(observation=observation, by=by, written=written, now=now)
        return observation
    before = written_in(observation)
    if before.says_as(written):
        return observation
    write(observation, written, now=now)
    if not observation.is_draft:
        log_action(
            "observation.changed",
            by=by,
            on=observation,
            at=now,
            about={*before.student_ids, *written.student_ids},
            personal={"text": [before.text, written.text]},
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


def write(observation: Observation, written: Written, *, now: datetime) -> None:
    """Put what was written into an observation."""
    observation.text = written.text
    observation.observed_on = written.observed_on
    observation.changed_at = now
    observation.save(update_fields=["text", "observed_on", "changed_at"])
    connect(observation, written)


def connect(observation: Observation, written: Written) -> None:
    """Tie an observation to its pupils and to what it shows of competencies."""
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
