"""Erase what the audit trail says about people; the chain stays verifiable."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from audit.models import PersonalPart


def forget(person_ids: Collection[UUID]) -> int:
    """Return how many personal parts were erased: those of entries about, on or by these people."""
    ids = list(person_ids)
    mine = Q(entry__about__overlap=ids) | Q(entry__subject_id__in=ids) | Q(entry__actor_id__in=ids)
    erased, _ = PersonalPart.objects.filter(mine).delete()
    return erased
