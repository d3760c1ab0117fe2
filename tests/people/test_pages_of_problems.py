"""Whatever is wrong is said on a page, in the reader's language, with what to do."""

import pytest
from django.test import Client
from django.urls import reverse

from demo.factories.people import person_with
from isolation.context import inside
from tests.clauses.stage import plain

pytestmark = pytest.mark.django_db
A_BROWSER = {"Accept": "text/html,application/xhtml+xml"}


@pytest.mark.parametrize(
    ("language", "said"),
    [("fr", "Cette page s’ouvre par un bouton"), ("en", "This page opens from a button")],
)
def test_an_address_that_only_takes_forms(browse, school, now, language, said):
    with inside(school):
        head = person_with("administrator", now=now, email="head@tilleuls.example")
    address = reverse("people:end_my_sessions", urlconf="config.urls_tenant")
    answer = browse(school, head).get(address, headers=A_BROWSER | {"Accept-Language": language})
    assert answer.status_code == 405
    assert answer.headers["Allow"]
    assert said in plain(answer.content.decode())


def test_what_is_not_there(settings):
    answer = Client(HTTP_HOST=settings.PUBLIC_HOST).get("/nowhere/", headers=A_BROWSER)
    assert answer.status_code == 404
    assert "Il n’y a rien ici" in plain(answer.content.decode())


def test_a_program_gets_its_number_and_no_page(browse, school, now):
    with inside(school):
        head = person_with("administrator", now=now, email="head@tilleuls.example")
    address = reverse("people:end_my_sessions", urlconf="config.urls_tenant")
    answer = browse(school, head).get(address, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.content) == (405, b"")
