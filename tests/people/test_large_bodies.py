"""What is too large is refused before any of it is read: by who asks, and in the form they can read."""

import io

import pytest
from django.test import Client

from demo.factories.people import person_with
from isolation.context import inside
from tests.clauses.stage import plain

pytestmark = pytest.mark.django_db
MEGABYTE = 1024 * 1024
FORM = "multipart/form-data; boundary=x"


class NeverRead(io.BytesIO):
    """A body nobody may look at."""

    def read(self, *_args):
        raise AssertionError("the body was read")


def send(browser, path, megabytes, kind="application/x-www-form-urlencoded", **more):
    """Post so many megabytes, as far as the head of the request says."""
    length = str(megabytes * MEGABYTE + 1)
    told = {"CONTENT_LENGTH": length, "CONTENT_TYPE": kind, "wsgi.input": NeverRead()}
    return browser.generic("POST", path, b"", kind, **told, **more)


@pytest.fixture
def visitor(settings):
    return Client(HTTP_HOST=settings.PUBLIC_HOST)


def test_a_visitor_sends_a_megabyte_at_most(visitor):
    answer = send(visitor, "/shop/", 1, FORM)
    assert answer.status_code == 413
    assert "envoyez un fichier plus petit" in plain(answer.content.decode())


def test_who_is_signed_in_sends_files_up_to_the_limit(browse, school, now):
    with inside(school):
        head = person_with("administrator", now=now, email="head@tilleuls.example")
    browser = browse(school, head)
    assert send(browser, "/record/new/", 64, FORM).status_code == 413
    assert send(browser, "/record/new/", 10).status_code == 413  # fields alone are never so many
    with pytest.raises(AssertionError, match="was read"):
        send(browser, "/record/new/", 60, FORM)


def test_a_program_is_told_as_programs_read(visitor):
    answer = send(
        visitor, "/api/v1/customers/", 10, "application/json", headers={"Authorization": "Bearer x"}
    )
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:preau:problem:large")
