"""Take back the invitations of guardians who have no child here any more."""

from collections.abc import Iterable
from datetime import datetime

from classrooms.models import Guardian
from people.actions.invite import cancel_invitation
from people.models import Invitation, Person


def cancel_invitations_without_child(guardians: Iterable[Guardian], *, by: Person, now: datetime) -> None:
    """Take back the invitations of those of these guardians who have no child here any more."""
    ids = [guardian.pk for guardian in guardians]
    here = set(Guardian.objects.of_somebody_here().filter(pk__in=ids).values_list("pk", flat=True))
    emails = [guardian.email.lower() for guardian in guardians if guardian.pk not in here]
    rows = Invitation.objects.unanswered().filter(email__in=emails, role__shipped="guardian")
    for invitation in rows:
        cancel_invitation(invitation=invitation, by=by, now=now)
