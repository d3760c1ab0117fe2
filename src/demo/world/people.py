"""Invitations still open, and the list of everybody who can sign in."""

from datetime import timedelta

from django.db.models import Count

from classrooms.models import Guardian
from demo.factories.people import PASSWORD, SECRET
from demo.gateways.notes import Account, Place
from demo.world.cast import COQUELICOTS, EVERYBODY, HEADS, SCHOOLS, TILLEULS, Member
from demo.world.days import Days
from demo.world.school import person, tenant_of
from isolation.context import inside, inside_operator
from people.actions.invite import invite
from people.models import Role
from people.queries import house_name
from tenants.models import Tenant
from tenants.queries import public_url, tenant_url

PARENTS = 3  # shown in the list, of each place


def leave_invitations(days: Days) -> None:
    """Invite a replacement teacher three days ago, an auditor today."""
    with inside(tenant_of(TILLEULS)):
        by = person(HEADS[0])
        invite(email="remplacement@tilleuls.example", role_key="teacher", by=by, now=days.at(3))
        ends_on = days.today + timedelta(days=2)
        invite(email="audit@controle.example", role_key="auditor", by=by, now=days.now, ends_on=ends_on)


def places() -> list[Place]:
    """Return the addresses of the world."""
    with inside_operator():
        schools = [Place(tenant_url(tenant_of(slug)), name) for slug, name in SCHOOLS.items()]
        families = [Place(tenant_url(each), each.name) for each in Tenant.objects.filter(is_shared=True)]
        return [Place(public_url(), f"{house_name()} – site, portail, console"), *schools, *families]


def accounts() -> list[Account]:
    """Return everybody who can sign in: the cast, and some parents."""
    with inside_operator():
        found = [_account(member) for member in EVERYBODY if member.where is None]
        for slug in (TILLEULS, COQUELICOTS):
            found += [_account(member) for member in EVERYBODY if member.where == slug]
            found += _parents(slug)
        return [*found, *_families()]


def _account(member: Member) -> Account:
    if member.where is None:
        role = str(Role.objects.get(shipped=member.role))
        return _line(member.where, role, f"{member.first_name} {member.last_name}", member.username, SECRET)
    with inside(tenant_of(member.where)):
        role = str(Role.objects.get(shipped=member.role))
    about = f"{role}, {member.class_name}" if member.class_name else role
    return _line(member.where, about, f"{member.first_name} {member.last_name}", member.username)


def _parents(slug: str) -> list[Account]:
    with inside(tenant_of(slug)):
        role = str(Role.objects.get(shipped="guardian"))
        rows = Guardian.objects.filter(person__is_active=True).annotate(count=Count("students"))
        rows = rows.order_by("-count", "email")[:PARENTS]
        known = [(row.email, [child.first_name for child in row.students.all()]) for row in rows]
    return [_line(slug, f"{role}, {' & '.join(children)}", email, email) for email, children in known]


def _families() -> list[Account]:
    """Return the parents who run a household of their own."""
    tenant = Tenant.objects.filter(is_shared=True).first()
    if tenant is None:
        return []
    with inside(tenant):
        role = str(Role.objects.get(shipped="parent"))
        emails = list(
            Guardian.objects.filter(person__is_active=True).order_by("email").values_list("email", flat=True)
        )
    return [Account(tenant.name, tenant_url(tenant), role, email, email, PASSWORD) for email in emails]


def _line(slug: str | None, role: str, name: str, username: str, secret: str = "") -> Account:
    url = public_url() if slug is None else tenant_url(tenant_of(slug))
    place = house_name() if slug is None else SCHOOLS[slug]
    return Account(place, url, role, name, username, PASSWORD, secret)
