"""LG-D1: where the operator is the controller, it answers people's requests itself, within a month."""

from datetime import timedelta

import pytest

from agenda.models import Obligation
from demo.factories.classrooms import GuardianFactory, StudentFactory
from demo.factories.people import person_with
from dpa.models import DataRequest, ReceivedRequest
from isolation.context import inside, inside_operator
from tests.clauses.stage import desk, later, mails, plain, read
from tests.clauses.test_lg_d10_1_requests import centre, console, recorded
from tests.conftest import open_school


@pytest.mark.story(
    "LG-D1",
    door="page",
    fr="Un parent d’un foyer demande de voir ses données ; un autre écrit à l’éditeur : rien n’est transmis "
    "à personne, les deux sont à l’éditeur, qui répond lui-même ; après sa réponse rien ne change plus.",
)
@pytest.mark.django_db
def test_the_operator_answers_families_itself(browse, clock, now):
    """A parent of a household asks to see their data; another writes to the operator: nothing is forwarded to
    anybody, both are the operator's, which answers itself; after its answer nothing changes any more.
    """
    families = open_school("foyers", "Foyers", ["family"], licences=4)
    with inside(families):
        parent = person_with("guardian", now=now, username="parent", email="parent@foyer.example")
        child = StudentFactory(school_class=None, created_at=now - timedelta(days=9))
        GuardianFactory(email=parent.email, person=parent, of=[child])
    home = browse(families, parent)
    assert home.post(centre("my_requests"), {"right": "access", "about": str(parent.pk)}).status_code == 302
    recorded(browse, now, tenant=str(families.pk), contact="autre@foyer.example")
    later(clock, minutes=1)
    assert not mails("pour Foyers")
    with inside_operator():
        forward = Obligation.objects.get(kind="rights-forward")
        received = ReceivedRequest.objects.get()
    assert (forward.state, received.is_ours) == ("dropped", True)
    house = desk(browse, now, "dpo")
    page = read(house.get(console("request_desk")))
    assert "2 demandes attendent notre réponse" in page
    with inside(families):
        mine = DataRequest.objects.get(person_id=parent.pk)
    answer = {"is_granted": "yes", "answer": "Tout est dans « Mes données »."}
    assert house.post(console("our_request_answer", families.pk, mine.pk), answer).status_code == 302
    later(clock, minutes=1)
    assert "Tout est dans" in plain(mails("La réponse à votre demande")[0].body)
    late = house.post(console("our_request_extend", families.pk, mine.pk), {"reason": "Non."}, follow=True)
    assert "a déjà" in read(late)
    with inside_operator():
        rows = Obligation.objects.filter(clause="LG-D1", kind="rights-answer").order_by("created_at")
        assert [one.state for one in rows] == ["kept", "owed"]


@pytest.mark.django_db
def test_the_desk_reads_no_request_of_a_controller(browse, now, school):
    with inside(school):
        parent = person_with("guardian", now=now, username="parent", email="parent@famille.example")
    browse(school, parent).post(centre("my_requests"), {"right": "access"})
    with inside(school):
        asked = DataRequest.objects.get()
    assert desk(browse, now, "dpo").get(console("our_request", school.pk, asked.pk)).status_code == 404
