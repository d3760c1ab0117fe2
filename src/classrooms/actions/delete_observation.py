"""Delete an observation, or one of its photos, with the files."""

from datetime import datetime

from django.db import transaction

from audit.actions import log_action
from classrooms.actions.draft_changes import delete_photos, open_changes, touch_changes
from classrooms.actions.save_observation import students_of
from classrooms.models import Observation, Photo
from people.models import Person


@transaction.atomic
def delete_observation(*, observation: Observation, by: Person, now: datetime) -> None:
    """Delete an observation; its photos' files go once that is committed."""
    about = students_of(observation)
    photos = list(observation.photos.all())
    log_action(
        "observation.deleted", by=by, on=observation, at=now, about=about, facts={"photos": len(photos)}
    )
    delete_photos(photos)
    observation.delete()


@transaction.atomic
def delete_photo(*, photo: Photo, by: Person, now: datetime) -> None:
    """Delete a photo; its file goes once that is committed.

    One that families see goes once the changes of its observation are shared.
    """
    observation = Observation.objects.select_for_update().get(pk=photo.observation_id)
    photo = Photo.objects.get(pk=photo.pk)
    about = students_of(observation)
    if observation.is_shared and photo.pending != Photo.Pending.ADDED:
        open_changes(observation, now=now)
        photo.pending = Photo.Pending.REMOVED
        photo.save(update_fields=["pending"])
        log_action("photo.removed", by=by, on=observation, at=now, about=about)
        return
    log_action("photo.deleted", by=by, on=observation, at=now, about=about)
    delete_photos([photo])
    if observation.is_shared:
        touch_changes(observation, now=now)


@transaction.atomic
def put_photo_back(*, photo: Photo, by: Person, now: datetime) -> None:
    """Keep a photo that the changes of its observation would have removed."""
    observation = Observation.objects.select_for_update().get(pk=photo.observation_id)
    if Photo.objects.filter(pk=photo.pk, pending=Photo.Pending.REMOVED).update(pending=""):
        log_action("photo.put_back", by=by, on=observation, at=now, about=students_of(observation))
        touch_changes(observation, now=now)
