"""A child signed in by a card has a child's doors only."""

import re

import pytest
from django.urls import Resolver404, resolve, reverse

from demo.factories.people import person_with
from isolation.context import inside
from people.models import Acceptance
from people.policy.doors import CHILDS_PAGES
from people.queries import is_child
from tests.conftest import open_school
from tests.golden import FOLDER
from tests.walls.addresses import addresses
from tests.walls.asking import READING, ask
from tests.walls.world import build

pytestmark = pytest.mark.django_db
TABLE = FOLDER / "addresses_child.txt"


@pytest.fixture
def world(school):
    return build(school)


@pytest.fixture
def child(world, school, browse):
    return browse(school, world.people["student"])


def test_every_address_a_child_reaches_is_one_of_the_list(world, school, browse, request):
    """A child passes the doors of these addresses and no others, by reading or by sending."""
    reached = []
    for address in addresses("tenant"):
        for method in READING:
            child = browse(school, world.people["student"])  # some doors sign out
            response, _body = ask(child, address, method, world.kwargs(address))
            if response.status_code not in {403, 405}:
                reached.append(f"{method} {address.name}")
    now = "".join(f"{line}\n" for line in sorted(reached))
    if request.config.getoption("--write-tables"):
        TABLE.write_text(now)
    assert TABLE.read_text() == now
    assert {line.split()[1] for line in reached} <= CHILDS_PAGES


def test_no_link_shown_to_a_child_is_refused(child):
    for page in ("/", "/results/"):
        said = child.get(page).content.decode()
        for path in set(re.findall(r'(?:href|action|hx-get|hx-post)="(/[^"#?]*)', said)):
            try:
                name = resolve(path, urlconf="config.urls_tenant").view_name
            except Resolver404:  # a file
                continue
            assert name in CHILDS_PAGES, (page, path)


def test_a_child_sees_their_own_results_and_curve(world, child):
    page = child.get("/results/").content.decode()
    assert "Mes résultats" in page
    assert "<svg" in page
    assert 'type="search"' not in page
    assert child.get(reverse("learning:student", args=[world.objects["student_id"]])).status_code == 200


def test_a_child_is_asked_to_accept_nothing(world, child, school):
    with inside(school):
        session = child.session
        session.pop("accepted", None)
        session.save()
        Acceptance.objects.all().delete()
    assert child.get("/results/").status_code == 200


def test_the_page_says_that_it_is_for_grown_ups(child):
    refused = child.get("/me/")
    assert refused.status_code == 403
    assert "Cette page est pour les adultes" in refused.content.decode()


def test_every_page_of_the_list_is_an_address():
    names = {address.name for address in addresses("tenant")}
    assert names >= CHILDS_PAGES


def test_a_learner_of_a_campus_answers_for_themselves(now, browse):
    campus = open_school("campus-libre", "Campus libre", ["campus"], licences=20)
    with inside(campus):
        learner = person_with("student", now=now, username="l.libre", email="libre@campus.example")
    client = browse(campus, learner)
    assert client.get("/privacy/me/").status_code == 200
    with inside(campus):
        assert not is_child(learner, campus, on=campus.today(now))


def test_an_adult_answers_for_a_pupil_of_a_school(world, school, now):
    with inside(school):
        assert is_child(world.people["student"], school, on=school.today(now))
        assert not is_child(world.people["teacher"], school, on=school.today(now))
