"""Every address of a school × every role × every method × own, foreign and absent things.

Read from the urlconf.
"""

import pytest
from django.test import Client

from audit.models import Entry
from isolation.context import inside
from people.policy.doors import opens_to_a_child
from people.policy.permissions import ANYONE, SIGNED_IN
from tests.conftest import host_of
from tests.walls.addresses import METHODS, addresses
from tests.walls.asking import READING, ask, plain
from tests.walls.world import ROLES, absent, build

pytestmark = pytest.mark.django_db
KEYS_THAT_MEAN_NOTHING = {
    "account_reset_password_from_key",
    "account_confirm_email",
}  # no valid one to be foreign
PUBLISHED = {"terms_id", "clause"}  # the same for everybody: nobody's in particular


@pytest.fixture
def worlds(school, nursery, db):
    return build(school), build(nursery)


def test_every_address_says_who_may_see_it():
    unruled = [
        str(address)
        for host in ("tenant", "public")
        for address in addresses(host)
        if address.permission is None
    ]
    assert unruled == []


def test_every_address_has_a_name():
    assert [address for host in ("tenant", "public") for address in addresses(host) if not address.name] == []


def test_every_parameter_is_known_to_these_tests(worlds):
    world, _ = worlds
    unknown = []
    for address in addresses("tenant"):
        try:
            world.kwargs(address)
        except KeyError as missing:
            unknown.append(f"{address} lacks {missing}")
    assert unknown == []


def test_nobody_signed_in_gets_past_the_sign_in(worlds, school):
    world, _ = worlds
    client = Client(HTTP_HOST=host_of(school))
    passed = []
    for address in addresses("tenant"):
        if address.permission == ANYONE:
            continue
        for method in METHODS:
            response, _body = ask(client, address, method, world.kwargs(address))
            if response.status_code != 302 or "/account/login/" not in response["Location"]:
                passed.append(f"{method} {address}: {response.status_code}")
    assert passed == []


@pytest.mark.parametrize("role", ROLES)
def test_a_role_without_the_right_is_refused_whatever_the_method(worlds, school, browse, role):
    world, _ = worlds
    client = browse(school, world.people[role])
    passed = []
    with inside(school):
        held = set(world.people[role].memberships.get().role.permissions)
    for address in addresses("tenant"):
        if address.permission in {ANYONE, SIGNED_IN} or address.permission in held:
            continue
        for method in METHODS:
            response, _body = ask(client, address, method, world.kwargs(address))
            if response.status_code != 403:
                passed.append(f"{method} {address}: {response.status_code}")
    assert passed == []


def is_closed_to(role, address):
    """Return whether an address is none of a child's doors: test_child_doors.py looks at those."""
    return role == "student" and not opens_to_a_child(address.name)


@pytest.mark.parametrize("role", ROLES)
def test_somebody_elses_thing_and_no_thing_answer_alike(worlds, school, browse, role):
    world, neighbour = worlds
    client = browse(school, world.people[role])
    told_apart = []
    with inside(school):
        held = set(world.people[role].memberships.get().role.permissions)
    for address in addresses("tenant"):
        if (
            is_closed_to(role, address)
            or not set(address.parameters) - PUBLISHED
            or (address.permission not in {ANYONE, SIGNED_IN} and address.permission not in held)
        ):
            continue
        foreign = neighbour.kwargs(address)
        nothing = absent(world.kwargs(address))
        if foreign == nothing or address.name in KEYS_THAT_MEAN_NOTHING:
            continue
        for method in READING:
            one, theirs = ask(client, address, method, foreign)
            two, none = ask(client, address, method, nothing)
            same = plain(theirs, foreign.values()) == plain(none, nothing.values())
            if (one.status_code, same) != (two.status_code, True):
                told_apart.append(f"{method} {address}: {one.status_code} and {two.status_code}, same {same}")
            if one.status_code not in {302, 404, 405, 410} and address.permission != ANYONE:
                told_apart.append(f"{method} {address}: {one.status_code} for a neighbour's thing")
    assert told_apart == []


@pytest.mark.parametrize("role", ROLES)
def test_what_one_may_see_opens(worlds, school, browse, role):
    world, _ = worlds
    client = browse(school, world.people[role])
    broken = []
    with inside(school):
        held = set(world.people[role].memberships.get().role.permissions)
    for address in addresses("tenant"):
        if is_closed_to(role, address):
            continue
        if address.permission not in {ANYONE, SIGNED_IN} and address.permission not in held:
            continue
        for method in (*READING, "delete"):
            response, _body = ask(client, address, method, world.kwargs(address))
            if response.status_code >= 500 or response.status_code == 403:
                broken.append(f"{method} {address}: {response.status_code}")
    assert broken == []


IN_THE_CIRCLE = {"class_id", "student_id", "observation_id", "photo_id", "result_id", "child_id", "group_id"}


@pytest.mark.parametrize("role", ["stranger", "guardian"])
def test_within_a_school_too_only_ones_own_circle_exists(worlds, school, browse, role):
    world, _ = worlds
    if role == "guardian":
        with inside(school):
            from classrooms.models import Guardianship

            Guardianship.objects.all().delete()
    client = browse(school, world.people[role])
    seen = []
    with inside(school):
        held = set(world.people[role].memberships.get().role.permissions)
    for address in addresses("tenant"):
        if address.permission not in held or not IN_THE_CIRCLE & set(address.parameters):
            continue
        for method in READING:
            response, _body = ask(client, address, method, world.kwargs(address))
            if response.status_code not in {404, 405}:
                seen.append(f"{method} {address}: {response.status_code}")
    assert seen == []


def test_a_session_of_one_school_opens_nothing_at_the_neighbours(worlds, school, nursery, browse):
    world, _ = worlds
    client = browse(school, world.people["administrator"])
    client.defaults["HTTP_HOST"] = host_of(nursery)
    response = client.get("/people/")
    assert response.status_code == 302
    assert "/account/login/" in response["Location"]


def test_a_refusal_is_in_the_audit_trail(worlds, school, browse):
    world, _ = worlds
    browse(school, world.people["guardian"]).get("/people/")
    with inside(school):
        entry = Entry.objects.filter(verb="access.denied").latest("seq")
    assert entry.actor_id == world.people["guardian"].pk
    assert entry.facts["right"] == "people.read"


def test_hosts_that_lead_nowhere_answer_alike(school, now, db):
    from isolation.context import inside_operator
    from tenants.middleware import forget_hosts
    from tenants.models import Tenant

    unknown = Client(HTTP_HOST="personne.localhost").get("/")
    with inside_operator():
        Tenant.objects.filter(pk=school.pk).update(state="erased")
    forget_hosts()
    erased = Client(HTTP_HOST=host_of(school)).get("/")
    assert unknown.status_code == erased.status_code == 404
    assert unknown.content == erased.content
