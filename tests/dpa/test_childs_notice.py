"""The notice a child reads: what this place keeps of them, in its own words, and nothing else."""

import pytest
from django.urls import reverse

from contracts.policy.annex_b import Category
from demo.factories.classrooms import StudentFactory
from demo.factories.people import person_with
from dpa.actions.set_retention import set_retention
from isolation.context import inside
from tests.clauses.stage import plain
from tests.conftest import open_school

PAGE = reverse("dpa:childs_notice", urlconf="config.urls_tenant")


def read(client):
    """Return the words of the notice."""
    return plain(client.get(PAGE).content.decode())


@pytest.fixture
def child(school, browse, now, db):
    with inside(school):
        person = person_with("student", now=now, username="lou", email="lou@ecole.example")
        StudentFactory(person=person)
    return browse(school, person)


def test_a_child_signed_in_by_a_card_reads_it(child):
    assert "Ce que nous gardons sur toi" in read(child)
    assert PAGE in child.get("/results/").content.decode()


def test_nobody_has_to_sign_in_for_it(browse, school):
    assert "Ta famille voit" in read(browse(school, None))


def test_it_says_for_how_long_as_the_controller_set_it(browse, school, now, db):
    client = browse(school, None)
    assert "2 ans au plus" in read(client)
    with inside(school):
        head = person_with("administrator", now=now, email="direction@ecole.example")
        for category in Category:
            set_retention(category=category, days=200, promised_days=730, by=head, now=now)
    assert "200 jours au plus" in read(client)


def test_a_nursery_speaks_of_no_results_it_does_not_keep_and_no_class_words_of_a_school(browse, nursery, db):
    said = read(browse(nursery, None))
    assert "élève" not in said.lower()


def test_a_family_is_told_that_the_operator_answers(browse, db):
    place = open_school("foyers", "Foyers", ["family"], licences=4)
    assert "Préau" in read(browse(place, None))
