"""Keep what is written of a shared observation apart, until somebody shares it or drops it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from audit.actions import log_action
from classrooms.models import ChangesStudent, Observation, ObservationChanges, Photo
from classrooms.policy.changes import ChangedMeanwhile, Written
from classrooms.queries.changes import changes_of, latest_of, version_of, written_in
from people.models import Person


def draft_changes(*, observation: Observation, by: Person, written: Written, now: datetime) -> None:
    """Keep what was written of a shared observation as its changes; families read what they read before.

    Called with the observation locked. Written as it is shared, there is nothing to share any more. What a
    draft says doesn't go into the trail: only what families have read does.
    """
    before = latest_of(observation)
    if before.says_as(written):
        return
    changes = open_changes(observation, now=now)
    _write(changes, written)
    about = _everybody(before, written)
    log_action("observation.changes_saved", by=by, on=observation, at=now, about=about)
    _close_if_same(observation, changes)


@transaction.atomic
def drop_changes(*, observation_id: UUID, shown: str, by: Person, now: datetime) -> Observation:
    """Return the observation without the changes that weren't shared: what families read stands alone.

    `shown` is their version as it was looked at. Raises ChangedMeanwhile.
    """
    observation = Observation.objects.select_for_update().get(pk=observation_id)
    changes = changes_of(observation)
    if changes is None:
        return observation
    check_seen(observation, shown)
    drafted, stands = latest_of(observation), written_in(observation)
    delete_photos(observation.photos.filter(pending=Photo.Pending.ADDED))
    observation.photos.update(pending="")
    changes.delete()
    log_action(
        "observation.changes_dropped",
        by=by,
        on=observation,
        at=now,
        about=_everybody(drafted, stands),
    )
    return observation


def open_changes(observation: Observation, *, now: datetime) -> ObservationChanges:
    """Return the changes of a shared observation, saying what is shared where there were none."""
    changes = changes_of(observation)
    if changes is None:
        changes = ObservationChanges(observation=observation, changed_at=now)
        changes.observed_on = observation.observed_on
        changes.save(force_insert=True)
        _write(changes, written_in(observation))
    else:
        changes.changed_at = now
        changes.save(update_fields=["changed_at"])
    Observation.objects.filter(pk=observation.pk).update(changed_at=now)
    return changes


def touch_changes(observation: Observation, *, now: datetime) -> None:
    """Remember that the photos of the changes changed; where nothing is left of them, they go."""
    _close_if_same(observation, open_changes(observation, now=now))


def check_seen(observation: Observation, shown: str) -> None:
    """Raise ChangedMeanwhile unless this is the version of the changes that stand."""
    if version_of(observation) != shown:
        raise ChangedMeanwhile(observation.pk)


def delete_photos(photos: Iterable[Photo]) -> None:
    """Delete photos; their files go once that is committed."""
    for photo in photos:
        file = photo.file
        photo.delete()
        _drop_after_commit(file)


def _drop_after_commit(file: Any) -> None:
    transaction.on_commit(lambda: file.storage.delete(file.name))


def _close_if_same(observation: Observation, changes: ObservationChanges) -> None:
    if observation.photos.exclude(pending="").exists():
        return
    if latest_of(observation).says_as(written_in(observation)):
        changes.delete()


def _everybody(*written: Written) -> set[UUID]:
    return {pk for one in written for pk in one.student_ids}


def _write(changes: ObservationChanges, written: Written) -> None:
    changes.text = written.text
    changes.observed_on = written.observed_on
    changes.levels = {str(pk): level for pk, level in written.levels.items()}
    changes.save(update_fields=["text", "observed_on", "levels"])
    changes.links.exclude(student_id__in=written.student_ids).delete()
    rows = (ChangesStudent(changes=changes, student_id=pk) for pk in written.student_ids)
    ChangesStudent.objects.bulk_create(rows, ignore_conflicts=True)
