"""Delete an observation, or one of its photos, with the files."""

from datetime import datetime
from typing import Any

from django.db import transaction

from audit.actions import log_action
from classrooms.actions.save_observation import students_of
from classrooms.models import Observation, Photo
from people.models import Person


@transaction.atomic
def delete_observation(*, observation: Observation, by: Person, now: datetime) -> None:
    """Delete an observation; its photos' files go once that is committed."""
    about = students_of(observation)
    files = [photo.file for photo in observation.photos.all()]
    log_action(
        "observation.deleted", by=by, on=observation, at=now, about=about, facts={"photos": len(files)}
    )
    observation.delete()
    for file in files:
        _drop_after_commit(file)


@transaction.atomic
def delete_photo(*, photo: Photo, by: Person, now: datetime) -> None:
    """Delete a photo; its file goes once that is committed."""
    observation = photo.observation
    log_action("photo.deleted", by=by, on=observation, at=now, about=students_of(observation))
    photo.delete()
    _drop_after_commit(photo.file)


def _drop_after_commit(file: Any) -> None:
    transaction.on_commit(lambda: file.storage.delete(file.name))
