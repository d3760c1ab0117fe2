"""Invitations that went to many families at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import Lower

from classrooms.models import Guardian
from classrooms.models.families import GuardianQuerySet
from people.models import Invitation
from people.models.invitation import InvitationQuerySet


@dataclass(frozen=True, slots=True)
class InvitationRound:
    """Invitations sent at one instant, as far as they wait for an answer."""

    sent_at: datetime
    waiting: int

    @property
    def shown(self) -> str:
        """Return what tells it apart from another, as a page sends it back."""
        return self.sent_at.isoformat()


def last_round(*, now: datetime) -> InvitationRound | None:
    """Return the newest invitations sent to several families at once that still wait, None for none."""
    rounds = _waiting(now).values("invited_at").annotate(n=Count("pk")).filter(n__gt=1)
    newest: Any = rounds.order_by("-invited_at").first()
    return InvitationRound(newest["invited_at"], newest["n"]) if newest else None


def invited_at(sent_at: datetime, *, now: datetime) -> GuardianQuerySet:
    """Return the guardians invited at an instant who haven't answered, and still may."""
    return _waiting(now).filter(invited_at=sent_at)


def invitations_of(guardians: Iterable[Guardian], sent_at: datetime, *, now: datetime) -> InvitationQuerySet:
    """Return the open invitations these guardians were sent at an instant."""
    emails = [guardian.email.lower() for guardian in guardians]
    rows: InvitationQuerySet = Invitation.objects.open(now)
    return rows.filter(role__shipped="guardian", sent_at=sent_at, email__in=emails)


def _waiting(now: datetime) -> GuardianQuerySet:
    open_rows = Invitation.objects.open(now).filter(
        role__shipped="guardian", sent_at=OuterRef("invited_at"), email=Lower(OuterRef("email"))
    )
    rows: GuardianQuerySet = Guardian.objects.filter(Exists(open_rows), person=None)
    return rows
