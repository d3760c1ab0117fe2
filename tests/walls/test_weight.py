"""No page of a large school is heavy: lists are paged, and long choices are searched, not sent."""

from datetime import UTC, date, datetime

import pytest

from classrooms.actions.prepare_import import Upload, prepare_import
from classrooms.models import (
    Enrolment,
    GroupStudent,
    Guardian,
    Guardianship,
    SchoolClass,
    Student,
    Teaching,
)
from demo.factories.classrooms import FIRST, LAST, YearFactory
from isolation.context import inside
from learning.models import Activity
from people.models import Membership, Person, Role
from people.policy.permissions import ANYONE, SIGNED_IN
from tests.conftest import NOW
from tests.walls.addresses import addresses
from tests.walls.asking import ask
from tests.walls.world import HEADER, ROLES, build

pytestmark = pytest.mark.django_db
PUPILS = 3_000
CLASSES = 120
STAFF = 300
MAX_BYTES = 200_000
MADE_AT = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


def grow(world):
    """Fill the world's school: pupils in classes, their guardians and teachers, and a group of them all."""
    year = YearFactory()
    made = {"created_at": MADE_AT}
    classes = SchoolClass.objects.bulk_create(
        SchoolClass(year=year, name=f"Classe {n} de l’année", level="CE1") for n in range(CLASSES)
    )
    pupils = Student.objects.bulk_create(
        Student(
            first_name=f"{FIRST[n % len(FIRST)]} {n}",
            last_name=LAST[n % len(LAST)],
            birth_on=date(2018, 1, 1),
            **made,
        )
        for n in range(PUPILS)
    )
    starts_on = date(2026, 9, 1)
    Enrolment.objects.bulk_create(
        Enrolment(student=pupil, school_class=classes[n % CLASSES], starts_on=starts_on)
        for n, pupil in enumerate(pupils)
    )
    guardians = Guardian.objects.bulk_create(
        Guardian(email=f"parent.{n}@famille.example", **made) for n in range(PUPILS)
    )
    Guardianship.objects.bulk_create(
        Guardianship(guardian=guardian, student=pupil)
        for guardian, pupil in zip(guardians, pupils, strict=True)
    )
    GroupStudent.objects.bulk_create(
        GroupStudent(group_id=world.objects["group_id"], student=pupil) for pupil in pupils
    )
    people = Person.objects.bulk_create(
        Person(
            username=f"{kind}.{n}",
            email=f"{kind}.{n}@mur.example",
            first_name="Maître",
            last_name=f"Vidal {n}",
            kind=kind,
            **made,
        )
        for kind in ("staff", "guardian")
        for n in range(STAFF)
    )
    roles = {"staff": Role.objects.get(shipped="teacher"), "guardian": Role.objects.get(shipped="guardian")}
    Membership.objects.bulk_create(
        Membership(person=person, role=roles[person.kind], starts_on=starts_on) for person in people
    )
    Teaching.objects.bulk_create(
        Teaching(person=world.people[role], school_class=school_class, starts_on=starts_on)
        for role in ("teacher", "professional")
        for school_class in classes
    )
    Activity.objects.bulk_create(Activity(name=f"Lecture à voix haute {n}", **made) for n in range(400))
    return pupils


def imported(world):
    """Replace the world's import by one of as many lines, many of them of the same name."""
    names = [(FIRST[n % len(FIRST)], LAST[n % len(LAST)], n % CLASSES) for n in range(PUPILS)]
    lines = "\n".join(
        f"{last};;{first};03/02/2018;F;{n};CYCLE II;CE1;CE1 {place};{place}"
        for n, (first, last, place) in enumerate(names)
    )
    tenant = world.tenant
    upload = Upload(f"{HEADER}\n{lines}".encode(), None, "eleves.csv")
    return prepare_import(
        upload, tenant=tenant, by=world.people["administrator"], now=NOW, today=tenant.today(NOW)
    )


@pytest.fixture
def large(school):
    """Return the world of a school of 3,000 pupils."""
    world = build(school)
    with inside(school):
        grow(world)
        world.objects["batch_id"] = imported(world).pk
    return world


def heavy_pages(large, client, role):
    """Return the pages this role opens that weigh too much, with their weight in bytes."""
    with inside(large.tenant):
        held = set(large.people[role].memberships.get().role.permissions)
    found = {}
    for address in addresses("tenant"):
        if address.permission not in {*held, SIGNED_IN, ANYONE}:
            continue
        response, body = ask(client, address, "get", large.kwargs(address))
        if "html" in response.headers.get("Content-Type", "") and len(body) > MAX_BYTES:
            found[f"{role} {address.name}"] = len(body)
    return found


def test_no_page_is_heavy(large, browse):
    heavy = {}
    for role in ROLES:
        heavy |= heavy_pages(large, browse(large.tenant, large.people[role]), role)
    assert "\n".join(f"{page}: {size}" for page, size in heavy.items()) == ""
