"""Two households of one tenant: whatever the address, the method and the rights, the other family doesn't
exist.
"""

import pytest

from classrooms.actions.open_accounts import print_cards
from classrooms.models import Guardianship, Student
from classrooms.policy.declaration import OF_A_PARENT
from demo.factories.classrooms import ClassFactory, TeachingFactory
from demo.factories.people import accept_all
from isolation.context import inside
from people.actions.give_role import give_role
from people.models import Role
from people.policy.permissions import ANYONE, IN_A_CIRCLE, SIGNED_IN, TENANT_KEYS
from tests.walls.addresses import METHODS, addresses
from tests.walls.asking import READING, ask, plain
from tests.walls.test_tenant_walls import IN_THE_CIRCLE
from tests.walls.world import absent, build

pytestmark = pytest.mark.django_db
OF_A_CHILD = {"child_id", "student_id"}


def ids_of(two, number):
    """Return what each parameter about a child can be for a family."""
    child = two.children[number]
    with inside(two.tenant):
        observation = child.observations.get()
        guardian = Guardianship.objects.get(student=child).guardian_id
        return {
            "child_id": child.pk,
            "student_id": child.pk,
            "subject_id": child.pk,
            "observation_id": observation.pk,
            "result_id": child.results.get().pk,
            "guardian_id": guardian,
        }


def within_reach(permission, held):
    return permission in held and permission not in {ANYONE, SIGNED_IN}


def about_a_child(held):
    known = {"child_id", "student_id", "subject_id", "observation_id", "result_id", "guardian_id"}
    for address in addresses("tenant"):
        if within_reach(address.permission, held) and address.parameters and set(address.parameters) <= known:
            yield address


@pytest.mark.parametrize("everything", [False, True], ids=["parent", "every-right-in-the-circle"])
def test_the_other_familys_children_answer_like_nobodys(two, browse, now, everything):
    if everything:
        with inside(two.tenant):
            role = Role.objects.create(
                name="Tout", permissions=sorted(TENANT_KEYS), scope="circle", created_at=now
            )
            give_role(person=two.parents[0], role=role, by=None, now=now)
    client = browse(two.tenant, two.parents[0])
    seen = []
    asked = 0
    theirs = ids_of(two, 1)
    for address in about_a_child(
        IN_A_CIRCLE if everything else {"family.read", "household.write", "exports.ask"}
    ):
        foreign = {name: theirs[name] for name in address.parameters}
        nothing = absent(foreign)
        for method in READING:
            one, said = ask(client, address, method, foreign)
            two_, none = ask(client, address, method, nothing)
            asked += 1
            if one.status_code not in {404, 405} or plain(said, foreign.values()) != plain(
                none, nothing.values()
            ):
                seen.append(f"{method} {address}: {one.status_code} and {two_.status_code}")
    assert seen == []
    assert asked >= 12


def test_ones_own_child_opens(two, browse):
    client = browse(two.tenant, two.parents[0])
    broken = []
    mine = ids_of(two, 0)
    for address in about_a_child({"family.read", "household.write"}):
        kwargs = {name: mine[name] for name in address.parameters}
        response, _body = ask(client, address, "get", kwargs)
        if response.status_code not in {200, 302, 405}:
            broken.append(f"{address}: {response.status_code}")
    assert broken == []


def test_what_is_about_the_whole_place_is_refused(two, browse, school):
    client = browse(two.tenant, two.parents[0])
    passed = []
    world = build(school)
    held = {"family.read", "household.write", "exports.ask", ANYONE, SIGNED_IN}
    for address in addresses("tenant"):
        if address.permission in held:
            continue
        for method in METHODS:
            response, _body = ask(client, address, method, world.kwargs(address))
            if response.status_code != 403:
                passed.append(f"{method} {address}: {response.status_code}")
    assert passed == []


def test_no_page_names_the_other_family(two, browse, now):
    with inside(two.tenant):
        role = Role.objects.create(
            name="Tout", permissions=sorted(TENANT_KEYS), scope="circle", created_at=now
        )
        give_role(person=two.parents[0], role=role, by=None, now=now)
        TeachingFactory(person=two.parents[0], school_class=ClassFactory(name="Aucune"))
        others = ["Moussa", "diallo.example"]
        assert Student.objects.filter(first_name="Moussa").exists()
    client = browse(two.tenant, two.parents[0])
    told = []
    for address in addresses("tenant"):
        if (
            address.parameters
            or address.permission == ANYONE
            or not (address.permission == SIGNED_IN or address.permission in IN_A_CIRCLE)
        ):
            continue
        response, body = ask(client, address, "get", {})
        told += [f"{address} names {word}" for word in others if word.encode() in body]
    assert told == []
    assert "Lina" in client.get("/household/").content.decode()


def test_a_childs_account_sees_itself_and_no_household(two, browse, now):
    with inside(two.tenant):
        child = two.children[0]
        print_cards(
            students=[child],
            declaration=OF_A_PARENT,
            tenant=two.tenant,
            by=two.parents[0],
            now=now,
            today=two.tenant.today(now),
        )
        child.refresh_from_db()
        assert [m.role.shipped for m in child.person.memberships.all()] == ["student"]
        accept_all(child.person, now=now)
    client = browse(two.tenant, child.person)
    assert client.get("/household/").status_code == 403
    assert client.get(f"/household/children/{child.pk}/").status_code == 403
    assert client.get(f"/household/children/{two.children[1].pk}/card/").status_code == 403


def test_every_address_about_a_child_is_in_the_circle():
    for address in addresses("tenant"):
        if OF_A_CHILD & set(address.parameters) and address.permission == "household.write":
            assert IN_THE_CIRCLE & set(address.parameters)
