"""What people holds of people: accounts, roles, invitations, acceptances, credentials, sessions."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from contracts.registry import CASCADE, declare, nothing_personal
from people.models import Acceptance, AccessReview, AccessToken, Invitation, Membership, Person, Role

EVERYONE = ("administrator", "teacher", "professional", "guardian", "student")
ADULTS = EVERYONE[:-1]
Rows = QuerySet[Any]


def _accounts(rows: Rows) -> Iterable[dict[str, Any]]:
    return rows.values(
        "username", "email", "first_name", "last_name", "language", "kind", "created_at", "last_seen_at"
    )


def _memberships(rows: Rows) -> Iterable[dict[str, Any]]:
    for row in rows.select_related("role"):
        yield {"role": row.role.label, "starts_on": row.starts_on, "ends_on": row.ends_on}


def _invitations(rows: Rows) -> Iterable[dict[str, Any]]:
    return rows.values("email", "sent_at", "expires_at", "accepted_at", "cancelled_at")


def _acceptances(rows: Rows) -> Iterable[dict[str, Any]]:
    return rows.values("terms_version", "accepted_at", "ip", "proof")


def _sessions(rows: Rows) -> Iterable[dict[str, Any]]:
    return rows.values("created_at", "last_seen_at", "ip", "user_agent")


def _tokens(rows: Rows) -> Iterable[dict[str, Any]]:
    return rows.values("name", "created_at", "expires_on", "revoked_at", "last_used_on")


def _invitations_of(rows: Rows, person_ids: Collection[UUID]) -> Rows:
    addresses = Person.objects.filter(pk__in=person_ids).exclude(email=None).values("email")
    mine = rows.filter(person_id__in=person_ids) | rows.filter(email__in=addresses)
    return mine | rows.filter(pk__in=person_ids)  # one that was never answered is erased by its own id


def _sessions_of(rows: Rows, person_ids: Collection[UUID]) -> Rows:
    return rows.filter(
        session_key__in=UserSession.objects.filter(user_id__in=person_ids).values("session_key")
    )


declare(
    Person,
    label=_("account"),
    category="identification",
    subject=EVERYONE,
    person="id",
    export=_accounts,
    erase=CASCADE,
    keep_for="kept_after_end",
)
declare(
    Membership,
    label=_("roles"),
    category="professional",
    subject=EVERYONE,
    person="person_id",
    export=_memberships,
    erase=CASCADE,
)
declare(
    Invitation,
    label=_("invitations"),
    category="contact",
    subject=ADULTS,
    person=_invitations_of,
    export=_invitations,
    erase=CASCADE,
)
declare(
    Acceptance,
    label=_("acceptances of terms"),
    category="consent",
    subject=EVERYONE,
    person="person_id",
    export=_acceptances,
    erase=CASCADE,
)
declare(
    AccessToken,
    label=_("access tokens"),
    category="connection",
    subject=ADULTS,
    person="person_id",
    export=_tokens,
    erase=CASCADE,
)
declare(
    EmailAddress,
    label=_("sign-in addresses"),
    category="contact",
    subject=ADULTS,
    person="user_id",
    export=None,
    erase=CASCADE,
)
declare(
    EmailConfirmation,
    label=_("sign-in addresses"),
    category="contact",
    subject=ADULTS,
    person="email_address__user_id",
    export=None,
    erase=CASCADE,
)
declare(
    Authenticator,
    label=_("second factors"),
    category="connection",
    subject=ADULTS,
    person="user_id",
    export=None,
    erase=CASCADE,
)
declare(
    Session,
    label=_("sessions"),
    category="connection",
    subject=EVERYONE,
    person=_sessions_of,
    export=None,
    erase=CASCADE,
)
declare(
    UserSession,
    label=_("sessions"),
    category="connection",
    subject=EVERYONE,
    person="user_id",
    export=_sessions,
    erase=CASCADE,
)
nothing_personal(Role, why="Names of roles and the rights they give; who holds them is the membership.")
nothing_personal(
    AccessReview, why="Counts and a time; who reviewed is a key that is emptied with the account."
)
