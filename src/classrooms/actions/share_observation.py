"""Share an observation with the families of its pupils, and take it back."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from classrooms.actions.save_observation import students_of
from classrooms.models import Guardian, Observation, Student
from classrooms.policy.sharing import ready_to_share
from classrooms.queries.annex import guardians_see
from people.models import Person
from tenants.models import Tenant


@transaction.atomic
def share_observation(
    *, observation_id: UUID, tenant: Tenant, by: Person, now: datetime, today: date
) -> Observation:
    """Return the observation, readable by its pupils' guardians, each of whom gets a message.

    Raises FamiliesSeeNothing, NothingToShare. Sharing what is shared changes nothing and tells nobody again.
    """
    observation = Observation.objects.select_for_update().get(pk=observation_id)
    if observation.is_shared:
        return observation
    pupils = list(
        Student.objects.active().filter(links__observation=observation).values_list("pk", flat=True)
    )
    ready_to_share(
        sight=guardians_see(tenant, today),
        text=observation.text,
        photos=observation.photos.count(),
        students=len(pupils),
    )
    observation.state = Observation.State.SHARED
    observation.shared_at = now
    observation.save(update_fields=["state", "shared_at"])
    guardians = Guardian.objects.filter(
        guardianships__student_id__in=pupils, person__is_active=True
    ).distinct()
    for guardian_id in guardians.values_list("id", flat=True):
        enqueue_message(
            "classrooms/observation_shared",
            ids={"observation": str(observation.pk), "guardian": str(guardian_id)},
            key=f"observation-shared:{observation.pk}:{guardian_id}:{now.isoformat()}",
            now=now,
        )
    log_action("observation.shared", by=by, on=observation, at=now, about=pupils)
    wake_worker()
    return observation


@transaction.atomic
def unshare_observation(*, observation_id: UUID, by: Person, now: datetime) -> Observation:
    """Return the observation, kept in the record but out of the families' sight.

    Messages not yet sent become moot.
    """
    observation = Observation.objects.select_for_update().get(pk=observation_id)
    if observation.is_shared:
        observation.state = Observation.State.SAVED
        observation.shared_at = None
        observation.save(update_fields=["state", "shared_at"])
        log_action("observation.unshared", by=by, on=observation, at=now, about=students_of(observation))
    return observation
