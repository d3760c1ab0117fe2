"""Take back the invitations that went to many families at once."""

from datetime import datetime

from django.db import transaction

from classrooms.models import Guardian
from classrooms.queries.rounds import invitations_of, invited_at
from people.actions.invite import cancel_invitation
from people.models import Person


@transaction.atomic
def take_back_invitations(*, sent_at: datetime, by: Person, now: datetime) -> int:
    """Return how many invitations sent at this instant open nothing any more: those nobody answered yet.

    Their guardians wait to be invited again; who has joined stays.
    """
    guardians = list(invited_at(sent_at, now=now))
    for invitation in invitations_of(guardians, sent_at, now=now):
        cancel_invitation(invitation=invitation, by=by, now=now)
    Guardian.objects.filter(pk__in=[one.pk for one in guardians]).update(invited_at=None)
    return len(guardians)
