"""A form that is sent twice is answered once, whatever it makes."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from demo.factories.people import person_with
from exports.models import ExportJob
from isolation.context import inside
from people.models import Invitation, Person, Role
from people.once import RUNS_SECONDS
from tests.clauses.stage import plain

pytestmark = pytest.mark.django_db
TENANT_URLS = "config.urls_tenant"
KEY = {"idempotency_key": "3f0a6c9e-6f53-4b1e-a0f1-6a9c6b1d2e77"}


def at(name, **kwargs):
    """Return the address of a page of a tenant."""
    return reverse(name, urlconf=TENANT_URLS, kwargs=kwargs)


@pytest.fixture
def head(school, now, db):
    """An administrator."""
    cache.clear()
    with inside(school):
        return person_with("administrator", now=now, email="head@tilleuls.example")


@pytest.fixture
def teacher(school):
    """The role of a teacher."""
    with inside(school):
        return str(Role.objects.get(shipped="teacher").pk)


def count(school, model):
    """Return how many there are inside a school."""
    with inside(school):
        return model.objects.count()


def test_an_invitation_sent_twice_is_one(browse, school, head, teacher):
    browser = browse(school, head)
    typed = {"email": "nouvelle@tilleuls.example", "role": teacher, "language": "fr"} | KEY
    before = count(school, Invitation)
    first = browser.post(at("people:invite"), typed)
    again = browser.post(at("people:invite"), typed)
    assert (first.status_code, again.status_code, again.url) == (302, 302, first.url)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert count(school, Invitation) == before + 1
    other = browser.post(at("people:invite"), typed | {"email": "autre@tilleuls.example"})
    assert "Idempotency-Replayed" not in other.headers  # the same key with something else is another act
    assert count(school, Invitation) == before + 2


def test_an_account_made_twice_is_one_and_its_password_is_shown_once(browse, school, head, teacher):
    browser = browse(school, head)
    typed = {"first_name": "Ninon", "last_name": "Vasseur", "role": teacher} | KEY
    before = count(school, Person)
    first = browser.post(at("people:new"), typed)
    again = browser.post(at("people:new"), typed, follow=True)
    assert first.status_code == 200
    assert count(school, Person) == before + 1
    assert "déjà été envoyé" in plain(again.text)
    assert first.context["password"] not in again.text


def test_a_form_with_a_mistake_is_sent_again_with_its_key(browse, school, head, teacher):
    browser = browse(school, head)
    wrong = {"email": "pas une adresse", "role": teacher, "language": "fr"} | KEY
    assert browser.post(at("people:invite"), wrong).status_code == 200
    assert browser.post(at("people:invite"), wrong).status_code == 200
    right = wrong | {"email": "nouvelle@tilleuls.example"}
    assert browser.post(at("people:invite"), right).status_code == 302


def test_one_that_is_still_being_done_is_not_done_beside_it(browse, school, head, teacher, monkeypatch):
    browser = browse(school, head)
    typed = {"email": "nouvelle@tilleuls.example", "role": teacher, "language": "fr"} | KEY
    monkeypatch.setattr("people.once.PATIENCE_SECONDS", 0)
    monkeypatch.setattr("people.once._name", lambda request: "once:this")
    with inside(school):
        cache.set("once:this", "", RUNS_SECONDS)
    before = count(school, Invitation)
    assert browser.post(at("people:invite"), typed).status_code == 302
    assert count(school, Invitation) == before


def test_an_export_asked_for_twice_is_one(browse, school, head):
    browser = browse(school, head)
    first, again = (browser.post(at("exports:ask", kind="school"), KEY) for _time in range(2))
    assert (first.status_code, again.url) == (302, first.url)
    assert count(school, ExportJob) == 1


def test_a_key_that_is_none_is_refused(browse, school, head, teacher):
    typed = {"email": "nouvelle@tilleuls.example", "role": teacher, "idempotency_key": "\n"}
    assert browse(school, head).post(at("people:invite"), typed).status_code == 400
