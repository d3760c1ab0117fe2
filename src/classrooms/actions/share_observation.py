"""Share an observation with the families of its pupils, share what changed in it, and take it back."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from classrooms.actions.draft_changes import check_seen, delete_photos
from classrooms.actions.save_observation import students_of, write
from classrooms.models import Guardian, Observation, Photo, Student
from classrooms.models.families import GuardianQuerySet
from classrooms.policy.sharing import ready_to_share
from classrooms.queries.annex import guardians_see
from classrooms.queries.changes import changes_of, latest_of
from people.models import Person
from tenants.models import Tenant


@transaction.atomic
def share_observation(
    *, observation_id: UUID, tenant: Tenant, by: Person, now: datetime, today: date
) -> Observation:
    """Return the observation, readable by its pupils' guardians, each of whom gets a message.

    Raises FamiliesSeeNothing, NothingToShare. Sharing what is shared changes nothing and tells nobody again:
    what changed in it is shared by `share_changes`.
    """
    observation = Observation.objects.select_for_update().get(pk=observation_id)
    if observation.is_shared:
        return observation
    pupils = _active(students_of(observation))
    ready_to_share(
        sight=guardians_see(tenant, today),
        text=observation.text,
        photos=observation.photos.count(),
        students=len(pupils),
    )
    observation.state = Observation.State.SHARED
    observation.shared_at = now
    observation.save(update_fields=["state", "shared_at"])
    _tell(_guardians_of(pupils), observation, now=now)
    log_action("observation.shared", by=by, on=observation, at=now, about=pupils)
    return observation


@transaction.atomic
def share_changes(
    *, observation_id: UUID, shown: str, tenant: Tenant, by: Person, now: datetime, today: date
) -> Observation:
    """Return the shared observation as it was last written: what families read from now on.

    Only guardians of pupils who weren't in it get a message. `shown` is the version of the changes as they
    were looked at. Raises ChangedMeanwhile, FamiliesSeeNothing, NothingToShare. Without changes, or where it
    isn't shared, nothing happens.
    """
    observation = Observation.objects.select_for_update().get(pk=observation_id)
    if not observation.is_shared or changes_of(observation) is None:
        return observation
    check_seen(observation, shown)
    pupils = _active(latest_of(observation).student_ids)
    ready_to_share(
        sight=guardians_see(tenant, today),
        text=latest_of(observation).text,
        photos=observation.photos.kept().count(),
        students=len(pupils),
    )
    known = students_of(observation)
    details = _apply_changes(observation, now=now)
    observation.changes_shared_at = now
    observation.save(update_fields=["changes_shared_at"])
    told = _guardians_of(known).values("pk")
    _tell(_guardians_of(set(pupils) - set(known)).exclude(pk__in=told), observation, now=now)
    log_action("observation.changes_shared", by=by, on=observation, at=now, **details)
    return observation


@transaction.atomic
def unshare_observation(*, observation_id: UUID, by: Person, now: datetime) -> Observation:
    """Return the observation, kept in the record but out of the families' sight, as it was last written.

    Messages not yet sent become moot.
    """
    observation = Observation.objects.select_for_update().get(pk=observation_id)
    if observation.is_shared:
        about = _apply_changes(observation, now=now)["about"]
        observation.state = Observation.State.SAVED
        observation.shared_at = observation.changes_shared_at = None
        observation.save(update_fields=["state", "shared_at", "changes_shared_at"])
        log_action("observation.unshared", by=by, on=observation, at=now, about=about)
    return observation


def _apply_changes(observation: Observation, *, now: datetime) -> dict[str, Any]:
    """Put the changes of an observation into it; return whom it was or is about, and a text that changed."""
    changes = changes_of(observation)
    before = students_of(observation)
    if changes is None:
        return {"about": before}
    written, text = latest_of(observation), observation.text
    write(observation, written, now=now)
    delete_photos(observation.photos.filter(pending=Photo.Pending.REMOVED))
    observation.photos.update(pending="")
    changes.delete()
    personal = {"text": [text, written.text]} if text != written.text else {}
    return {"about": {*before, *written.student_ids}, "personal": personal}


def _active(student_ids: Collection[UUID]) -> list[UUID]:
    return list(Student.objects.active().filter(pk__in=student_ids).values_list("pk", flat=True))


def _guardians_of(student_ids: Collection[UUID]) -> GuardianQuerySet:
    rows: GuardianQuerySet = Guardian.objects.filter(
        guardianships__student_id__in=student_ids, person__is_active=True
    )
    return rows.distinct()


def _tell(guardians: GuardianQuerySet, observation: Observation, *, now: datetime) -> None:
    """Leave each guardian one message of the time the observation has been shared."""
    since = observation.shared_at or now
    for guardian_id in guardians.values_list("id", flat=True):
        enqueue_message(
            "classrooms/observation_shared",
            ids={"observation": str(observation.pk), "guardian": str(guardian_id)},
            key=f"observation-shared:{observation.pk}:{guardian_id}:{since.isoformat()}",
            now=now,
        )
    wake_worker()
