"""Who was invited: an invitation is of a person before there is an account."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from classrooms.models import Guardian
from people.models import Invitation, Person
from people.models.invitation import InvitationQuerySet


def invitations_to(ids: Collection[UUID]) -> InvitationQuerySet:
    """Return the invitations sent to these people, whether or not they answered: to their account or address."""
    people = Person.objects.filter(pk__in=ids).exclude(email=None).values_list("email", flat=True)
    guardians = Guardian.objects.filter(pk__in=ids).values_list("email", flat=True)
    addresses = {email.lower() for email in (*people, *guardians) if email}
    rows: InvitationQuerySet = Invitation.objects.filter(Q(person_id__in=ids) | Q(email__in=addresses))
    return rows
