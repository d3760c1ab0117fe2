"""No page shows a link or a button that leads its reader to a refusal."""

from importlib import import_module
from urllib.parse import urlsplit

import lxml.html
import pytest
from django.urls import Resolver404, resolve

from isolation.context import inside, inside_operator
from people.middleware import permission_of
from people.policy.permissions import ANYONE, CONTACT, SIGNED_IN
from tests.walls.addresses import URLCONFS, addresses
from tests.walls.asking import ask
from tests.walls.test_public_walls import STAFF, Desk, with_token
from tests.walls.world import ROLES, build

pytestmark = pytest.mark.django_db


def targets(body):
    """Return the paths a page leads to: where its links go, and where its forms are sent."""
    page = lxml.html.fromstring(body)
    found = {each.get("href") for each in page.iter("a")} | {each.get("action") for each in page.iter("form")}
    return {urlsplit(each).path for each in found if each and not urlsplit(each).netloc}


def named(host, path):
    """Return the name of an address and the right it asks for, ANYONE where it is none of ours."""
    try:
        match = resolve(path, urlconf=URLCONFS[host])
    except Resolver404:
        return path, ANYONE
    return match.view_name, permission_of(match.func, match.view_name)


def refused(client, host, held, kwargs_of):
    """Return the links that pages of a host show to who holds these rights, and that refuse them."""
    import_module(URLCONFS[host])
    found = set()
    for address in addresses(host):
        if address.permission not in {*held, SIGNED_IN}:
            continue
        response, body = ask(client, address, "get", kwargs_of(address))
        if response.status_code != 200 or "html" not in response.headers.get("Content-Type", ""):
            continue
        for path in targets(body):
            name, right = named(host, path)
            if right not in {*held, SIGNED_IN, ANYONE, CONTACT}:
                found.add(f"{address.name}: {name} wants {right}")
    return found


@pytest.mark.parametrize("role", STAFF)
def test_staff_see_no_link_that_refuses_them(school, browse, now, role):
    with inside_operator():
        desk = Desk(school, now)
        held = set(desk.people[role].memberships.get().role.permissions)
    client = with_token(browse(None, desk.people[role]), desk.people[role], now)
    wrong = refused(client, "public", held, lambda address: desk.kwargs(address, desk.mine))
    assert "\n".join(sorted(wrong)) == ""


@pytest.mark.parametrize("role", ROLES)
def test_nobody_of_a_school_sees_a_link_that_refuses_them(school, browse, role):
    world = build(school)
    with inside(school):
        held = set(world.people[role].memberships.get().role.permissions)
    wrong = refused(browse(school, world.people[role]), "tenant", held, world.kwargs)
    assert "\n".join(sorted(wrong)) == ""
