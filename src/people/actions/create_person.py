"""Make an account for a person."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from audit.actions import log_action
from people.models import Person
from people.policy.names import suggest_username


class AddressTaken(Exception):
    """Raised when somebody here has this address already."""


@transaction.atomic
def create_person(
    *,
    by: Person | None,
    now: datetime,
    email: str = "",
    username: str = "",
    first_name: str = "",
    last_name: str = "",
    password: str | None = None,
    kind: str = Person.Kind.STAFF,
    language: str = "fr",
    is_verified: bool = False,
) -> Person:
    """Return the new account; without a password it can't be entered until one is set by a link.

    A user name is made of the names, else of the address. `is_verified`: the address answered a link sent to
    it. Raises AddressTaken.
    """
    email = email.strip().lower()
    if email and Person.objects.filter(email=email).exists():
        raise AddressTaken(email)
    person = Person(
        username=username or free_username(first_name, last_name, email),
        email=email or None,
        first_name=first_name.strip(),
        last_name=last_name.strip(),
        kind=kind,
        language=language,
        created_at=now,
    )
    person.set_password(password)
    person.save(force_insert=True)
    if email:
        EmailAddress.objects.create(user=person, email=email, primary=True, verified=is_verified)
    personal = {"name": person.name, "username": person.username, "email": email}
    log_action(
        "person.created", by=by, on=person, at=now, facts={"kind": kind}, personal=personal, about=[person.pk]
    )
    return person


def free_username(first_name: str, last_name: str, email: str = "") -> str:
    """Return a user name nobody here has."""
    first = first_name if first_name or last_name else email.partition("@")[0]
    return suggest_username(
        first, last_name, is_taken=lambda name: Person.objects.filter(username=name).exists()
    )
