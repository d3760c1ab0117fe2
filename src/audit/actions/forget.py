"""Erase what the audit trail says about people; the chain stays verifiable."""

from collections.abc import Collection
from uuid import UUID

from audit.models import PersonalPart
from audit.personal_data import parts_of


def forget(person_ids: Collection[UUID]) -> int:
    """Return how many personal parts were erased: those of entries about, on or by these people."""
    erased, _ = parts_of(PersonalPart.objects.all(), person_ids).delete()
    return erased
