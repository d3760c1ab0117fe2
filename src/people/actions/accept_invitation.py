"""Accept an invitation: the terms first, then a password, then the door.

Who has an account signs in with it.
"""

from collections.abc import Collection
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from agenda.actions import close_obligation
from audit.actions import log_action
from contracts.models import TermsVersion
from isolation.policy.guards import guards
from people.actions.accept_terms import accept_terms
from people.actions.create_person import create_person
from people.actions.give_role import AlreadyHeld, give_role
from people.actions.invite import CLAUSE, KINDS, InvitationClosed
from people.models import Invitation, Person
from people.models.invitation import hash_of
from people.policy.invitations import TermsComeFirst, next_step
from people.queries import area_here, day_here, founded
from people.registry import joined


class SignInFirst(Exception):
    """Raised when the address is that of an account with a password: only who knows it accepts for it."""


@transaction.atomic
def accept_invitation(
    *,
    token: str,
    password: str,
    now: datetime,
    first_name: str = "",
    last_name: str = "",
    required: Collection[TermsVersion] = (),
    accepted: Collection[TermsVersion] = (),
    ip: str | None = None,
) -> Person:
    """Return the person who may enter from now on, with the role they were invited to.

    `required` are the terms in force, `accepted` those whose box was ticked.
    Raises TermsComeFirst, InvitationClosed, SignInFirst.
    """
    invitation = find_invitation(token, now=now, lock=True)
    if account_known(invitation):
        raise SignInFirst
    ticked = {version.pk for version in required} <= {version.pk for version in accepted}
    if next_step(terms_accepted=ticked, password_set=bool(password)) != "enter":
        raise TermsComeFirst
    person = _account(invitation, first_name, last_name, now)
    accept_terms(person=person, versions=accepted, now=now, ip=ip)
    person.set_password(password)
    person.is_active = True
    person.save()
    _proved(invitation, person)
    _close(invitation, person, now)
    return person


@transaction.atomic
def join_with_account(
    *,
    token: str,
    person: Person,
    now: datetime,
    required: Collection[TermsVersion] = (),
    accepted: Collection[TermsVersion] = (),
    ip: str | None = None,
) -> Person:
    """Return the person, signed in already, with the role their address was invited to.

    The link proves the address.

    Raises TermsComeFirst, InvitationClosed; SignInFirst when the account isn't the one of the address.
    """
    invitation = find_invitation(token, now=now, lock=True)
    if account_known(invitation) != person:
        raise SignInFirst
    if not {version.pk for version in required} <= {version.pk for version in accepted}:
        raise TermsComeFirst
    accept_terms(person=person, versions=accepted, now=now, ip=ip)
    _proved(invitation, person)
    _close(invitation, person, now)
    return person


@guards("token")
def account_known(invitation: Invitation) -> Person | None:
    """Return whose account the invited address is that of already, once a password opens it.

    None while it waits.

    Raises InvitationClosed when the account was closed: an invitation doesn't open it again.
    """
    person = _account_of(invitation)
    if person is not None and not person.is_active:
        raise InvitationClosed("cancelled")
    return person if person is not None and person.has_usable_password() else None


def _account_of(invitation: Invitation) -> Person | None:
    return invitation.person or Person.objects.filter(email=invitation.email).first()


def _proved(invitation: Invitation, person: Person) -> None:
    EmailAddress.objects.update_or_create(
        user=person, email=invitation.email, defaults={"verified": True, "primary": True}
    )


@guards("token")
def find_invitation(token: str, *, now: datetime, lock: bool = False) -> Invitation:
    """Return the open invitation a link leads to.

    Raises InvitationClosed: "unknown" when there is none, "expired" too when who sent it can't give that any
    more.
    """
    rows = Invitation.objects.select_related("role", "person", "invited_by")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    invitation = rows.filter(token_hash=hash_of(token)).first()
    if invitation is None:
        raise InvitationClosed("unknown")
    state = invitation.state(now)
    if state == "open" and not founded([invitation], today=day_here(now)):
        state = "expired"
    if state != "open":
        raise InvitationClosed(state)
    return invitation


def kind_of(invitation: Invitation) -> str:
    """Return what the invited person will be to the place."""
    if area_here() == "operator":
        return Person.Kind.OPERATOR
    guardian = Person.Kind.GUARDIAN
    kinds = {"guardian": guardian, "parent": guardian, "student": Person.Kind.STUDENT}
    return kinds.get(invitation.role.shipped, Person.Kind.STAFF)


def _account(invitation: Invitation, first_name: str, last_name: str, now: datetime) -> Person:
    person = _account_of(invitation)
    if person is None:
        return create_person(
            by=None,
            now=now,
            email=invitation.email,
            first_name=first_name,
            last_name=last_name,
            kind=kind_of(invitation),
            language=invitation.language,
            is_verified=True,
        )
    person.first_name = first_name or person.first_name
    person.last_name = last_name or person.last_name
    person.email = person.email or invitation.email
    return person


def _close(invitation: Invitation, person: Person, now: datetime) -> None:
    role = invitation.role
    today = day_here(now)
    ends_on = invitation.ends_on if invitation.ends_on and invitation.ends_on > today else None
    if ends_on or not (invitation.ends_on or role.needs_an_end):
        try:
            with transaction.atomic():
                give_role(person=person, role=role, by=None, now=now, ends_on=ends_on)
        except AlreadyHeld:
            pass  # the account was there with its role, and waited for a password
    invitation.person = person
    invitation.accepted_at = now
    invitation.save(update_fields=["person", "accepted_at"])
    close_obligation(
        CLAUSE,
        kind=KINDS[area_here()],
        subject=invitation.pk,
        now=now,
        state="kept",
        evidence={"state": "accepted"},
    )
    log_action(
        "invitation.accepted",
        by=person,
        on=invitation,
        at=now,
        facts={"role": str(role.pk)},
        about=[person.pk],
    )
    for then in joined():
        then(invitation, person, now)
