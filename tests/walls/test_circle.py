"""A role for a circle reaches nothing else, whatever rights somebody wrote into it."""

import pytest

from classrooms.models import Enrolment
from demo.factories.classrooms import ClassFactory, StudentFactory, TeachingFactory
from isolation.context import inside
from people.actions.edit_role import WholePlaceOnly, edit_role
from people.actions.give_role import give_role
from people.models import Role
from people.policy.permissions import ANYONE, IN_A_CIRCLE, SIGNED_IN, TENANT_KEYS
from tests.walls.addresses import METHODS, addresses
from tests.walls.asking import READING, ask
from tests.walls.test_tenant_walls import IN_THE_CIRCLE
from tests.walls.world import build

pytestmark = pytest.mark.django_db
LISTS = ("/", "/classes/", "/pupils/", "/record/", "/results/", "/exports/")


@pytest.fixture
def world(school, now):
    """Give a stranger, who teaches another class, a role with every right there is, for their circle."""
    world = build(school)
    with inside(school):
        everything = Role.objects.create(
            name="Tout", permissions=sorted(TENANT_KEYS), scope="circle", created_at=now
        )
        give_role(person=world.people["stranger"], role=everything, by=None, now=now)
        mine = ClassFactory(name="Les miens")
        TeachingFactory(person=world.people["stranger"], school_class=mine)
        StudentFactory(school_class=mine, first_name="Mienne")
    return world


def test_what_is_about_the_whole_place_is_refused(world, school, browse):
    client = browse(school, world.people["stranger"])
    passed = []
    for address in addresses("tenant"):
        if address.permission in {ANYONE, SIGNED_IN} or address.permission in IN_A_CIRCLE:
            continue
        for method in METHODS:
            response, _body = ask(client, address, method, world.kwargs(address))
            if response.status_code != 403:
                passed.append(f"{method} {address}: {response.status_code}")
    assert passed == []


def test_nothing_of_another_class_exists(world, school, browse):
    client = browse(school, world.people["stranger"])
    seen = []
    for address in addresses("tenant"):
        if address.permission not in IN_A_CIRCLE or not IN_THE_CIRCLE & set(address.parameters):
            continue
        for method in READING:
            response, _body = ask(client, address, method, world.kwargs(address))
            if response.status_code not in {404, 405}:
                seen.append(f"{method} {address}: {response.status_code}")
    assert seen == []


def test_lists_name_nobody_of_another_class(world, school, browse):
    client = browse(school, world.people["stranger"])
    with inside(school):
        from classrooms.models import Student

        others = [str(one.full_name) for one in Student.objects.exclude(first_name="Mienne")]
    for path in LISTS:
        page = client.get(path, follow=True).content.decode()
        assert [name for name in others if name in page] == [], path
    assert "Mienne" in client.get("/pupils/").content.decode()


def test_a_class_seen_whole_shows_no_more_of_its_pupils_than_ones_own(world, school, browse, now):
    with inside(school):
        wide = Role.objects.create(
            name="Emploi du temps", permissions=["classes.read"], scope="all", created_at=now
        )
        give_role(person=world.people["stranger"], role=wide, by=None, now=now)
        theirs = Enrolment.objects.select_related("student").get(student_id=world.objects["student_id"])
    client = browse(school, world.people["stranger"])
    response = client.get(f"/classes/{theirs.school_class_id}/")
    assert response.status_code == 200
    assert response.context["page"].rows == []
    assert response.context["page"].competencies == []
    assert str(theirs.student) not in response.content.decode()


def test_seeing_pupils_is_not_seeing_how_far_they_are(world, school, browse, now):
    with inside(school):
        wide = Role.objects.create(
            name="Accueil", permissions=["classes.read", "students.read"], scope="all", created_at=now
        )
        give_role(person=world.people["stranger"], role=wide, by=None, now=now)
    client = browse(school, world.people["stranger"])
    page = client.get(f"/classes/{world.objects['class_id']}/").context["page"]
    assert [(row.points, row.observed_on, row.domain) for row in page.rows] == [([], None, "")] * len(
        page.rows
    )
    assert (len(page.rows), page.competencies, page.quiet) == (page.size, [], [])
    pupil = client.get(f"/pupils/{world.objects['student_id']}/").context
    assert (pupil["page"].points, pupil["page"].competencies) == ([], [])
    with inside(school):
        assert list(pupil["page"].observations) == []
    assert "learning/student_section.html" not in [template for template, _shown in pupil["sections"]]


@pytest.mark.parametrize("permission", sorted(TENANT_KEYS - IN_A_CIRCLE))
def test_no_role_for_a_circle_is_given_a_right_about_the_whole_place(world, school, now, permission):
    with inside(school):
        role = Role.objects.get(shipped="teacher")
        with pytest.raises(WholePlaceOnly):
            edit_role(
                role=role,
                name="",
                permissions=[*role.permissions, permission],
                scope="circle",
                by=None,
                now=now,
            )


def test_the_roles_page_says_so(world, school, browse):
    client = browse(school, world.people["administrator"])
    with inside(school):
        role = Role.objects.get(shipped="teacher")
    fields = {"name": "", "scope": "circle", "permissions_school": ["classes.read", "imports.write"]}
    refused = client.post(f"/people/roles/{role.pk}/", fields, headers={"Accept-Language": "en"})
    assert "scope" in refused.context["form"].errors
    with inside(school):
        role.refresh_from_db()
        assert "imports.write" not in role.permissions
