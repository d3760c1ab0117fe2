"""Tie a guardian to the account made by accepting an invitation."""

from datetime import datetime
from typing import Any

from audit.actions import log_action
from classrooms.models import Guardian
from people.models import Person


def welcome_guardian(invitation: Any, person: Person, now: datetime) -> None:
    """Link the guardian of the invited address to the person who accepted; nothing for other invitations."""
    guardian = Guardian.objects.filter(email__iexact=invitation.email, person=None).first()
    if guardian is None or invitation.role.shipped not in {"guardian", "parent"}:
        return
    guardian.person = person
    guardian.joined_at = now
    guardian.save(update_fields=["person", "joined_at"])
    pupils = list(guardian.guardianships.values_list("student_id", flat=True))
    log_action("guardian.joined", by=person, on=guardian, at=now, about=[guardian.pk, person.pk, *pupils])
