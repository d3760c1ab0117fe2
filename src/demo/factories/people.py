"""Invented people with accounts, made where we are: inside a tenant, or as the operator."""

from datetime import UTC, datetime
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from factory.declarations import LazyAttribute, LazyFunction, Sequence
from factory.django import DjangoModelFactory

from isolation.context import current_tenant_id
from people.actions.accept_terms import accept_terms
from people.actions.create_person import create_person
from people.actions.give_role import give_role
from people.actions.seed_roles import seed_roles
from people.models import Person, Role
from people.queries import area_here, terms_in_force_here
from tenants.models import Tenant

PASSWORD = "le lac gris du jura gele"  # noqa: S105  a passphrase of the invented world
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105  the second factor of the invented staff
_HASHES: dict[str, str] = {}


class PersonFactory(DjangoModelFactory[Person]):
    """An account without a role."""

    class Meta:
        model = Person

    first_name = Sequence(lambda n: ["Élodie", "Karim", "Inès", "Noé", "Zoé"][n % 5])
    last_name = Sequence(lambda n: ["Marchand", "Benali", "Abadie", "Calvet", "Étienne"][n % 5])
    username = Sequence(lambda n: f"personne{n}")
    email = LazyAttribute(lambda person: f"{person.username}@ecole.example")
    created_at = LazyFunction(lambda: datetime.now(UTC))


def person_with(
    role_key: str = "administrator",
    *,
    now: datetime | None = None,
    accepts: bool = True,
    password: str = PASSWORD,
    **values: Any,
) -> Person:
    """Return a person with a shipped role who can sign in: the terms accepted, staff with a second factor."""
    now = now or datetime.now(UTC)
    is_staff = area_here() == "operator"
    kinds = {"guardian": Person.Kind.GUARDIAN, "student": Person.Kind.STUDENT}
    values.setdefault("kind", Person.Kind.OPERATOR if is_staff else kinds.get(role_key, Person.Kind.STAFF))
    values.setdefault("first_name", "Élodie")
    values.setdefault("last_name", "Marchand")
    seed_roles(now=now)
    person = create_person(by=None, now=now, password=None, is_verified=True, **values)
    set_password(person, password)
    role = Role.objects.get(shipped=role_key)
    ends_on = timezone.localdate(now).replace(year=now.year + 1) if role.needs_an_end else None
    give_role(person=person, role=role, by=None, now=now, ends_on=ends_on)
    if is_staff:
        enrol(person)
    elif accepts:
        accept_all(person, now=now)
    return person


def set_password(person: Person, password: str = PASSWORD) -> None:
    """Set a password without paying for its hash each time."""
    if password not in _HASHES:
        _HASHES[password] = make_password(password)
    person.password = _HASHES[password]
    person.save(update_fields=["password"])


def accept_all(person: Person, *, now: datetime) -> None:
    """Accept the terms in force where we are."""
    documents = terms_in_force_here(Tenant.objects.get(pk=current_tenant_id()), now=now)
    accept_terms(person=person, versions=[languages[0] for languages in documents], now=now, ip="127.0.0.1")


def enrol(person: Person, secret: str = SECRET) -> None:
    """Give a person a second factor whose secret is known, and recovery codes."""
    TOTP.activate(person, secret)
    RecoveryCodes.activate(person)
