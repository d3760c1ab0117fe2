"""Invite somebody to have an account, send the link again, take it back."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from agenda.actions import close_obligation, enqueue_message, instant, open_obligation
from audit.actions import log_action
from contracts.policy.clauses import keeps
from people.actions.give_role import EndsTooSoon, NeedsAnEnd
from people.actions.guard import must_be_able_to_give
from people.models import Invitation, Person, Role
from people.queries import area_here, day_here

CLAUSE = "LG-U3.3i"
KINDS = {"tenant": "invitation", "operator": "staff invitation"}


class AlreadyHere(Exception):
    """Raised when the address belongs to somebody who signs in here: give them the role instead."""

    def __init__(self, person: Person) -> None:
        """Keep who it is."""
        super().__init__(person.pk)
        self.person = person


class InvitationClosed(Exception):
    """Raised when an invitation was accepted, cancelled or has expired; `state` says which."""

    def __init__(self, state: str) -> None:
        """Keep the state."""
        super().__init__(state)
        self.state = state


@transaction.atomic
@keeps("LG-U3.1o", "MC-1")
def invite(
    *,
    email: str,
    by: Person | None,
    now: datetime,
    role_key: str = "",
    role: Role | None = None,
    person_id: UUID | None = None,
    note: str | None = None,
    ends_on: date | None = None,
    language: str = "fr",
    held: bool = False,
) -> Invitation:
    """Return the invitation to take a role (`role_key` of a shipped one, or `role`), its mail left in the
    outbox.

    One that is `held` opens nothing and has no mail until it is sent; one that was sent already stays open.
    `person_id`: the account is there already and waits for its password. Asking again for the same address
    and role sends a new link. Raises CannotGive, AlreadyHere, NeedsAnEnd, EndsTooSoon.
    """
    role = role or Role.objects.get(shipped=role_key)
    email = email.strip().lower()
    today = day_here(now)
    must_be_able_to_give(by, role.wants, today=today)
    if role.needs_an_end and ends_on is None:
        raise NeedsAnEnd(role)
    if ends_on is not None and ends_on <= today:
        raise EndsTooSoon(ends_on)
    _must_be_new(email, person_id)
    invitation = Invitation.objects.unanswered().select_for_update().filter(email=email, role=role).first()
    if invitation is not None and held:
        return invitation
    invitation = invitation or Invitation(email=email, role=role, created_at=now)
    invitation.person_id = person_id
    invitation.invited_by = by
    invitation.ends_on = ends_on
    invitation.note = note or ""
    invitation.language = language
    if held:
        invitation.renew(now=now)
        invitation.expires_at = now
        invitation.save()
        return invitation
    return _send(invitation, by=by, now=now, verb="invitation.sent")


def _must_be_new(email: str, person_id: UUID | None) -> None:
    rows = Person.objects.filter(email=email)
    known = (rows.exclude(pk=person_id) if person_id else rows).first()
    if known is not None and (known.has_usable_password() or not known.is_active):
        raise AlreadyHere(known)


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: Person | None, now: datetime) -> Invitation:
    """Send a new link, valid 14 days; the one before opens nothing any more.

    Raises InvitationClosed, CannotGive.
    """
    invitation = _unanswered(invitation)
    must_be_able_to_give(by, invitation.role.wants, today=day_here(now))
    invitation.invited_by = by
    return _send(invitation, by=by, now=now, verb="invitation.sent_again")


@transaction.atomic
def cancel_invitation(*, invitation: Invitation, by: Person | None, now: datetime) -> None:
    """Take an invitation back; its link opens nothing from now on. Raises InvitationClosed."""
    invitation = _unanswered(invitation)
    invitation.cancelled_at = now
    invitation.save(update_fields=["cancelled_at"])
    close_obligation(
        CLAUSE, kind=KINDS[area_here()], subject=invitation.pk, now=now, evidence={"state": "cancelled"}
    )
    log_action("invitation.cancelled", by=by, on=invitation, at=now, facts={"role": str(invitation.role_id)})


def _unanswered(invitation: Invitation) -> Invitation:
    row = Invitation.objects.select_for_update(of=("self",)).select_related("role").get(pk=invitation.pk)
    if row.accepted_at or row.cancelled_at:
        raise InvitationClosed("accepted" if row.accepted_at else "cancelled")
    return row


def _send(invitation: Invitation, *, by: Person | None, now: datetime, verb: str) -> Invitation:
    kind = KINDS[area_here()]
    close_obligation(CLAUSE, kind=kind, subject=invitation.pk, now=now, evidence={"state": "sent again"})
    invitation.renew(now=now)
    invitation.save()
    open_obligation(
        CLAUSE,
        kind=kind,
        subject=invitation.pk,
        occurrence=invitation.nonce,
        **instant(invitation.expires_at),
        now=now,
    )
    ids = {"invitation": str(invitation.pk), "nonce": invitation.nonce}
    enqueue_message(
        "people/invitation", ids=ids, now=now, key=f"people/invitation:{invitation.pk}:{invitation.nonce}"
    )
    about = [invitation.person_id] if invitation.person_id else []
    facts = {"role": str(invitation.role_id)}
    log_action(
        verb, by=by, on=invitation, at=now, facts=facts, personal={"email": invitation.email}, about=about
    )
    return invitation


def end_invitations_of(*, person_id: UUID, by: Person | None, now: datetime) -> int:
    """Return how many invitations somebody had sent open nothing from now on: they leave.

    Whoever may still give what they gave sends them again.
    """
    rows = Invitation.objects.open(now).select_for_update().filter(invited_by_id=person_id)
    ended = list(rows)
    Invitation.objects.filter(pk__in=[row.pk for row in ended]).update(expires_at=now)
    for row in ended:
        kind = KINDS[area_here()]
        close_obligation(CLAUSE, kind=kind, subject=row.pk, now=now, evidence={"state": "its author left"})
        log_action("invitation.expired", by=by, on=row, at=now, facts={"role": str(row.role_id)})
    return len(ended)


@transaction.atomic
def expire_invitation(*, invitation_id: UUID, now: datetime) -> str:
    """Return the state of an invitation whose time has come; one nobody answered is noted as expired."""
    invitation = Invitation.objects.filter(pk=invitation_id).first()
    if invitation is None:
        return "gone"
    state = invitation.state(now)
    if state == "expired":
        log_action(
            "invitation.expired", by=None, on=invitation, at=now, facts={"role": str(invitation.role_id)}
        )
    return state
