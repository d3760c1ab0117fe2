"""Add a photo to an observation."""

from datetime import datetime
from typing import BinaryIO
from uuid import uuid4

from django.db import transaction

from audit.actions import log_action
from classrooms.actions.draft_changes import open_changes
from classrooms.actions.save_observation import students_of
from classrooms.gateways.photos import reencoded
from classrooms.models import Observation, Photo
from people.models import Person

MAX_PHOTOS = 12


class TooManyPhotos(Exception):
    """Raised when an observation has as many photos as it can."""


@transaction.atomic
def add_photo(
    *, observation: Observation, upload: BinaryIO, caption: str, by: Person, now: datetime
) -> Photo:
    """Return the photo, written anew without what it carried.

    Families see it once it is shared: of what is shared already, with its changes. Raises NotAPhoto,
    PhotoTooLarge, TooManyPhotos.
    """
    observation = Observation.objects.select_for_update().get(pk=observation.pk)
    if observation.photos.kept().count() >= MAX_PHOTOS:
        raise TooManyPhotos(MAX_PHOTOS)
    picture = reencoded(upload)
    photo = Photo(
        id=uuid4(), observation=observation, width=picture.width, height=picture.height, created_at=now
    )
    if observation.is_shared:
        open_changes(observation, now=now)
        photo.pending = Photo.Pending.ADDED
    photo.caption = caption[:200]
    photo.file.save("photo.jpg", picture.file, save=False)
    photo.save(force_insert=True)
    log_action("photo.added", by=by, on=observation, at=now, about=students_of(observation))
    return photo
