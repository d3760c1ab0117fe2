"""Two people correct one thing: the second is told what changed, loses nothing, and may send it again."""

import lxml.html
import pytest
from django.urls import reverse

from demo.factories.billing import CustomerFactory
from demo.factories.classrooms import ClassFactory, StudentFactory
from demo.factories.people import person_with
from isolation.context import inside, inside_operator
from people.models import Role
from tests.billing.support import clerk, url
from tests.clauses.stage import plain

pytestmark = pytest.mark.django_db
APART = {"csrfmiddlewaretoken", "idempotency_key"}
CHANGED = "Quelqu’un l’a modifié entre-temps"


def drawn(page):
    """Return what a form that was drawn would send as it stands."""
    form = next(each for each in lxml.html.fromstring(page.content).forms if "seen" in each.fields)
    return {name: value for name, value in form.form_values() if name not in APART}


def at(name, **kwargs):
    """Return the address of a page of a tenant."""
    return reverse(name, urlconf="config.urls_tenant", kwargs=kwargs)


@pytest.fixture
def head(browse, school, now):
    """An administrator's browser."""
    with inside(school):
        person = person_with("administrator", now=now, email="head@tilleuls.example")
    return browse(school, person)


def second_editor(browser, address, field, first, second, *, to=""):
    """Correct a thing by two forms, drawn before either was sent: the second is told, then stands."""
    mine, theirs = drawn(browser.get(address)), drawn(browser.get(address))
    to = to or address
    assert browser.post(to, mine | {field: first}).status_code == 302
    told = browser.post(to, theirs | {field: second})
    assert told.status_code != 302
    assert f"{CHANGED}. C’est maintenant : {first}" in plain(told.content.decode())
    again = drawn(told)
    assert again[field] == second
    assert browser.post(to, again).status_code == 302
    return drawn(browser.get(address))[field]


def test_a_pupil(head, school):
    with inside(school):
        pupil = StudentFactory(first_name="Zoe", last_name="Perrin")
    address = at("classrooms:student_edit", student_id=pupil.pk)
    assert second_editor(head, address, "first_name", "Zoé", "Zoë") == "Zoë"


def test_a_class(head, school):
    with inside(school):
        ours = ClassFactory(name="CE1")
    address = at("classrooms:class_edit", class_id=ours.pk)
    assert second_editor(head, address, "name", "CE1 Aubry", "CE1 Ronin") == "CE1 Ronin"


def test_a_person(head, school, now):
    with inside(school):
        person = person_with("teacher", now=now, email="aubry@tilleuls.example", first_name="Ines")
    address = at("people:change", person_id=person.pk)
    assert second_editor(head, address, "first_name", "Inès", "Inez") == "Inez"


def test_a_role(head, school):
    with inside(school):
        role = Role.objects.get(shipped="teacher")
    address = at("people:role", role_id=role.pk)
    assert second_editor(head, address, "name", "Enseignants", "Profs") == "Profs"


def test_how_long_things_are_kept(head):
    assert (
        second_editor(head, at("dpa:retention"), "learning", "300", "200", to=at("dpa:retention_set"))
        == "200"
    )


def test_a_customer(browse, now):
    with inside_operator():
        known = CustomerFactory.create()
    address = url("customer_edit", known.pk)
    assert second_editor(clerk(browse, now), address, "city", "Rennes", "Brest") == "Brest"


def test_who_types_what_stands_already_is_not_asked(head, school):
    with inside(school):
        ours = ClassFactory(name="CE1")
    address = at("classrooms:class_edit", class_id=ours.pk)
    form = drawn(head.get(address)) | {"name": "CE1 Aubry"}
    for _time in range(2):
        assert head.post(address, form).status_code == 302


@pytest.mark.parametrize("nonsense", ["", "{", "[1]", '{"name": 3}', "x" * 30_000])
def test_what_nobody_can_read_is_no_error(head, school, nonsense):
    with inside(school):
        ours = ClassFactory(name="CE1")
    address = at("classrooms:class_edit", class_id=ours.pk)
    form = drawn(head.get(address)) | {"name": "CE1 B", "seen": nonsense}
    assert head.post(address, form).status_code in (302, 400)
