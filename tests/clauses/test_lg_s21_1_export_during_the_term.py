"""LG-S21.1: during the term the client exports their data from the application."""

import pytest
from django.urls import reverse

from demo.factories.classrooms import ClassFactory, StudentFactory
from demo.factories.people import person_with
from exports.policy.asking import kinds_offered
from isolation.context import inside, inside_operator
from tenants.actions.change_state import change_state
from tests.clauses.stage import archive_of, fetched

ADMINISTRATOR = {"exports.ask", "students.read", "erasures.write"}
TEACHER = {"exports.ask", "students.read"}
GUARDIAN = {"exports.ask", "family.read"}


def test_the_administrator_exports_everything():
    assert kinds_offered(permissions=ADMINISTRATOR, scope="all", state="open") == {
        "school",
        "class",
        "student",
        "person",
    }


def test_a_teacher_exports_their_classes_and_pupils():
    assert kinds_offered(permissions=TEACHER, scope="circle", state="open") == {"class", "student"}


def test_a_guardian_exports_their_children():
    assert kinds_offered(permissions=GUARDIAN, scope=None, state="open") == {"children"}


@pytest.mark.parametrize("state", ["suspended", "ended"])
def test_a_suspension_or_the_end_leaves_the_administrators_export(state):
    assert "school" in kinds_offered(permissions=ADMINISTRATOR, scope="all", state=state)
    assert not kinds_offered(permissions=TEACHER, scope="circle", state=state)
    assert not kinds_offered(permissions=GUARDIAN, scope=None, state=state)


@pytest.mark.parametrize("state", ["opening", "erased"])
def test_there_is_nothing_before_the_opening_nor_after_the_erasure(state):
    assert not kinds_offered(permissions=ADMINISTRATOR, scope="all", state=state)


def test_nobody_exports_without_the_right():
    assert not kinds_offered(permissions={"students.read"}, scope="all", state="open")


@pytest.mark.story(
    "LG-S21.1",
    door="page",
    fr="L’administratrice exporte l’école depuis l’application, puis un élève arrive : l’archive "
    "suivante, demandée le même jour, le contient aussi, tableau et PDF.",
)
def test_the_school_is_exported_again_after_a_pupil_arrived(browse, clock, now, school):
    """The administrator exports the school from the app, then a pupil arrives: the next archive, asked for on
    the same day, holds them too, table and PDF.
    """
    with inside(school):
        head = person_with("administrator", now=now, email="direction@ecole.example")
        room = ClassFactory()
        StudentFactory(first_name="Zéphyrine", last_name="Petit", school_class=room)
    office = browse(school, head)
    ask = reverse("exports:ask", args=["school"])
    first = archive_of(fetched(office, office.post(ask).url, clock))
    assert "Zéphyrine".encode() in first["tableaux/élève.csv"]
    with inside(school):
        StudentFactory(first_name="Anatole", last_name="Roy", school_class=room)
    office = browse(school, head)
    second = archive_of(fetched(office, office.post(ask).url, clock))
    assert b"Anatole" not in first["tableaux/élève.csv"]
    assert b"Anatole" in second["tableaux/élève.csv"]
    assert "élèves/Anatole Roy/carnet.pdf" in second
    assert "élèves/Zéphyrine Petit/carnet.pdf" in second


@pytest.mark.story(
    "LG-S21.1",
    door="page",
    fr="L’école est suspendue pour impayé pendant son contrat : l’administratrice exporte encore ses "
    "données, l’enseignante plus.",
)
def test_a_suspended_school_still_exports_by_its_administrator(browse, clock, now, school):
    """The school is suspended for non-payment during its term: the administrator still exports its data, the
    teacher no longer does.
    """
    with inside(school):
        head = person_with("administrator", now=now, email="direction@ecole.example")
        teacher = person_with("teacher", now=now, email="maitresse@ecole.example")
        StudentFactory(first_name="Zéphyrine", last_name="Petit", school_class=ClassFactory())
    with inside_operator():
        change_state(tenant_id=school.pk, state="suspended", reason="unpaid", now=now)
    room = browse(school, teacher)
    assert room.get(reverse("exports:list")).status_code != 200
    office = browse(school, head)
    job = office.post(reverse("exports:ask", args=["school"]))
    assert job.status_code == 302
    archive = archive_of(fetched(office, job.url, clock))
    assert "Zéphyrine".encode() in archive["tableaux/élève.csv"]
