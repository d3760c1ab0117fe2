"""Give a school a new administrator at the word of the customer's signatory, who confirms it first."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from agenda.actions import enqueue_message
from audit.actions import log_action
from isolation.context import inside
from people.actions.end_sessions import end_sessions
from people.actions.invite import (
    InvitationClosed,
    cancel_invitation,
    end_invitations_of,
    invite,
    resend_invitation,
)
from people.actions.revoke_tokens import revoke_tokens
from people.models import Invitation, Person
from people.queries import day_here, lasting_administrators
from tenants.models import Tenant

ASKED, NAMED, REFUSED = "asked", "named", "refused"


@transaction.atomic
def prepare_administrator(
    *, tenant: Tenant, email: str, document: str, by: Person, now: datetime
) -> Invitation:
    """Return the invitation of a school's new administrator: it opens nothing until it is confirmed.

    Called as the operator, audited in the school, whose administrators are told. The address is there alone,
    where erasing the person reaches it. Raises AlreadyHere when it signs in there already.
    """
    with inside(tenant):
        invitation = invite(
            email=email, role_key="administrator", by=None, now=now, language=tenant.language, held=True
        )
        personal = {"email": email, "document": document}
        log_action("administrator.asked_for", by=by, on=invitation, at=now, personal=personal)
        _tell(lasting_administrators(day_here(now)), ASKED, now)
    return invitation


@transaction.atomic
def name_administrator(
    *, tenant: Tenant, invitation_id: UUID, close_former: bool, confirmed_by: UUID, now: datetime
) -> int:
    """Return how many accounts were closed: the signatory confirmed it, the invitation leaves.

    `close_former` closes the accounts of those who held the keys; they are told. Raises InvitationClosed
    where it was taken back or answered meanwhile.
    """
    with inside(tenant):
        invitation = Invitation.objects.filter(pk=invitation_id).first()
        if invitation is None:
            raise InvitationClosed("cancelled")
        former = sorted(lasting_administrators(day_here(now)))
        resend_invitation(invitation=invitation, by=None, now=now)
        closed = _close(former, now) if close_former else 0
        facts = {"closed": closed, "confirmed_by": str(confirmed_by)}
        log_action("administrator.named", by=None, on=invitation, at=now, facts=facts)
        _tell(former, NAMED, now)
    return closed


@transaction.atomic
def drop_administrator(*, tenant: Tenant, invitation_id: UUID, now: datetime) -> None:
    """Take back an invitation the signatory didn't confirm; those who hold the keys are told."""
    with inside(tenant):
        invitation = Invitation.objects.unanswered().filter(pk=invitation_id, expires_at__lte=now).first()
        if invitation is not None:
            cancel_invitation(invitation=invitation, by=None, now=now)
        _tell(lasting_administrators(day_here(now)), REFUSED, now)


def _close(former: Iterable[UUID], now: datetime) -> int:
    ids = list(former)
    Person.objects.filter(pk__in=ids).update(is_active=False, closed_for=None)
    end_sessions(person_ids=ids, by=None, now=now)
    revoke_tokens(person_ids=ids, by=None, now=now)
    for person_id in ids:
        end_invitations_of(person_id=person_id, by=None, now=now)
        log_action("person.deactivated", by=None, on=person_id, at=now, about=[person_id])
    return len(ids)


def _tell(people: Iterable[UUID], stage: str, now: datetime) -> None:
    for person_id in people:
        ids = {"person": person_id, "stage": stage}
        enqueue_message("people/administrator", ids=ids, now=now, key=f"people/administrator:{uuid4()}")
