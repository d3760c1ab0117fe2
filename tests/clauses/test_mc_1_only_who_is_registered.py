"""MC-1: a platform on its own address: who its administrator registered gets in, and sees their courses."""

import pytest

from classrooms.models import SchoolClass
from demo.factories.people import PASSWORD, person_with
from isolation.context import inside
from people.models import Person, Role
from tests.clauses.stage import later, read, subscribed
from tests.journeys.test_campus import comes_in, signed_in

CLAUSE = "MC-1"


def registers(office, campus, clock, browse, email, first_name):
    """Return the browser of somebody the administrator registered to run courses, once they came in."""
    with inside(campus):
        tutor = Role.objects.get(shipped="teacher")
    asked = {"email": email, "role": str(tutor.pk), "language": "fr"}
    assert office.post("/people/invitations/new/", asked).status_code == 302
    later(clock, minutes=1)
    return comes_in(browse, campus, email, first_name)


def id_of(campus, email):
    """Return the person of an address on a platform."""
    with inside(campus):
        return str(Person.objects.get(email=email).pk)


@pytest.mark.django_db
@pytest.mark.story(
    "MC-1",
    door="page",
    fr="Sur la plateforme d’un campus, personne n’entre sans y être inscrit, pas même qui a un compte chez "
    "un autre client ; Ugo voit son cours et Iris non, puis l’administratrice confie le cours à Iris : Ugo "
    "ne le voit plus.",
)
def test_only_who_is_registered_gets_in_and_sees_their_courses(browse, clock, now, school):
    """On a campus's platform nobody gets in without being registered there, not even who has an account with
    another customer; Ugo sees his course and Iris doesn't, then the administrator gives the course to Iris
    and Ugo sees it no more.
    """
    subscription = subscribed(now, product="preau-campus", quantity=20)
    campus = subscription.contract.tenant
    office = comes_in(browse, campus, subscription.contact.email, "Solène")
    with inside(school):
        person_with("administrator", now=now, email="zoe@tilleuls.example")
    stranger = browse(campus)
    for email in ("zoe@tilleuls.example", "nobody@lilas.example"):
        answer = stranger.post("/account/login/", {"login": email, "password": PASSWORD})
        assert answer.status_code != 302
        assert stranger.get("/classes/").status_code == 302  # to sign in
    registers(office, campus, clock, browse, "ugo@lilas.example", "Ugo")
    registers(office, campus, clock, browse, "iris@lilas.example", "Iris")
    course = {"name": "Anglais des affaires", "teachers": [id_of(campus, "ugo@lilas.example")]}
    assert office.post("/classes/new/", course).status_code == 302
    with inside(campus):
        page = f"/classes/{SchoolClass.objects.get().pk}/"
    ugo = signed_in(browse, campus, "ugo@lilas.example")
    iris = signed_in(browse, campus, "iris@lilas.example")
    assert "Anglais des affaires" in read(ugo.get("/classes/"))
    assert "Anglais des affaires" not in read(iris.get("/classes/"))
    assert (ugo.get(page).status_code, iris.get(page).status_code) == (200, 404)
    course |= {"teachers": [id_of(campus, "iris@lilas.example")]}
    assert office.post(f"{page}edit/", course).status_code == 302
    assert (ugo.get(page).status_code, iris.get(page).status_code) == (404, 200)
