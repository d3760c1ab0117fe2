"""A guardian reads, thanks and answers."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit.actions import log_action
from classrooms.models import Guardian, Observation, ReadReceipt


def mark_read(*, guardian: Guardian, observation_ids: Iterable[UUID], now: datetime) -> None:
    """Remember that a guardian has read these: the first time, and the first time after each change."""
    ids = list(observation_ids)
    rows = (ReadReceipt(guardian=guardian, observation_id=pk, read_at=now) for pk in ids)
    ReadReceipt.objects.bulk_create(rows, ignore_conflicts=True)
    mine = ReadReceipt.objects.filter(guardian=guardian, observation_id__in=ids)
    mine.before_last_shared().update(read_again_at=now)


@transaction.atomic
def thank(*, guardian: Guardian, observation: Observation, now: datetime) -> ReadReceipt:
    """Return the reading with its thanks; thanking twice is thanking once."""
    reading, _ = ReadReceipt.objects.get_or_create(
        guardian=guardian, observation=observation, defaults={"read_at": now}
    )
    if reading.thanked_at is None:
        reading.thanked_at = now
        reading.save(update_fields=["thanked_at"])
        log_action("observation.thanked", by=guardian.person, on=observation, at=now)
    return reading


@transaction.atomic
def answer(*, guardian: Guardian, observation: Observation, text: str, now: datetime) -> ReadReceipt:
    """Return the reading with the guardian's answer, which replaces an earlier one."""
    reading, _ = ReadReceipt.objects.get_or_create(
        guardian=guardian, observation=observation, defaults={"read_at": now}
    )
    reading.answer = text
    reading.answered_at = now
    reading.save(update_fields=["answer", "answered_at"])
    log_action("observation.answered", by=guardian.person, on=observation, at=now)
    return reading
