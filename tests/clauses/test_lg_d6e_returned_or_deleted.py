"""LG-D6e: at the end data is returned or deleted, as the controller chooses.

It takes it along, says how long, or now.
"""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from contracts.policy.profiles import KeptPeriod
from demo.factories.classrooms import StudentFactory
from demo.factories.people import person_with
from exports.policy.asking import kinds_offered
from isolation.context import inside
from tenants.middleware import forget_hosts
from tenants.policy.keeping import erased_on
from tenants.policy.states import rights_open
from tests.clauses.stage import archive_of, fetched, later, live, read, subscribed

ENDED = date(2026, 11, 16)


def test_returned_the_administrator_exports_the_whole_school():
    rights = rights_open("ended") | {"students.read"}
    assert "school" in kinds_offered(permissions=rights, scope="all", state="ended")


def test_deleted_on_the_day_the_controller_chose():
    assert erased_on(ended_on=ENDED, kept=[KeptPeriod(years=2)], chosen_days=1) == ENDED + timedelta(days=1)


@pytest.fixture
def ended(clock, now, db):
    """Return a school of which the contract has ended by itself, with its administrator and a pupil."""
    tenant = subscribed(now, renewal="fixed").contract.tenant
    with inside(tenant):
        tenant.head = person_with("administrator", now=now, email="direction@erables.example")
        StudentFactory(first_name="Zéphyrine", last_name="Petit")
    live(clock, date(2027, 11, 16))
    forget_hosts()
    return tenant


@pytest.mark.story(
    "LG-D6e",
    door="page",
    fr="Le contrat fini, l’école devait tout garder deux ans ; elle reprend ses données, puis choisit "
    "trente jours : la veille tout est là, le jour dit tout a disparu.",
)
def test_after_the_end_the_school_takes_its_data_and_chooses_thirty_days(browse, clock, ended):
    """The contract over, all would be kept for two years; the school takes its data back, then chooses thirty
    days: on the eve all is there, on the day all is gone.
    """
    page = reverse("dpa:after_end")
    office = browse(ended, ended.head)
    returned = archive_of(fetched(office, office.post(reverse("exports:ask", args=["school"])).url, clock))
    assert "Zéphyrine".encode() in returned["tableaux/élève.csv"]
    assert office.post(page, {"days": "30"}).status_code == 302
    live(clock, date(2027, 12, 15))
    assert "16 décembre 2027" in read(browse(ended, ended.head).get(page))
    live(clock, date(2027, 12, 16))
    forget_hosts()
    assert browse(ended).get("/").status_code == 404


@pytest.mark.story(
    "LG-D6e",
    door="page",
    fr="Tant que le contrat court, l’école ne peut pas tout faire détruire d’un coup ; après la fin, "
    "elle tape son nom et tout disparaît en vingt-quatre heures.",
)
def test_deletion_of_everything_waits_for_the_end_and_takes_a_day(browse, clock, ended, school, now):
    """While its contract runs a school can't have everything destroyed at once; after the end it types its
    name and all is gone within twenty-four hours.
    """
    with inside(school):
        head = person_with("administrator", now=now, email="direction@ecole.example")
    now_page = reverse("dpa:delete_everything")
    running = browse(school, head).post(now_page, {"confirm_name": school.name}, follow=True)
    assert "Le contrat court encore" in read(running)
    office = browse(ended, ended.head)
    assert office.post(now_page, {"confirm_name": "une autre"}).status_code == 400
    assert "Tout sera supprimé dans les 24 heures" in read(
        office.post(now_page, {"confirm_name": ended.name}, follow=True)
    )
    later(clock, hours=24)
    forget_hosts()
    assert browse(ended).get("/").status_code == 404


@pytest.mark.story(
    "LG-D6e",
    door="page",
    fr="Six semaines après la fin, l’école choisit trente jours, déjà passés : deux minutes plus tard tout "
    "est encore là, elle se ravise et tout reste ; elle choisit encore, et le lendemain tout a disparu.",
)
def test_a_time_that_is_over_already_leaves_half_a_day_to_take_it_back(browse, clock, ended):
    """Six weeks after the end the school chooses thirty days, which are over: two minutes later all is still
    there, it changes its mind and all stays; it chooses them again, and the day after all is gone.
    """
    page = reverse("dpa:after_end")
    live(clock, date(2027, 12, 31))
    assert browse(ended, ended.head).post(page, {"days": "30"}).status_code == 302
    later(clock, minutes=2)
    forget_hosts()
    office = browse(ended, ended.head)
    assert "01/01/2028" in read(office.get(page))
    assert "Conservé" in read(office.post(reverse("dpa:keep_everything"), follow=True))
    live(clock, date(2028, 1, 2))
    text = read(browse(ended, ended.head).get(page))
    assert "16 novembre 2029" in text, text
    assert browse(ended, ended.head).post(page, {"days": "30"}).status_code == 302
    later(clock, hours=24)
    forget_hosts()
    assert browse(ended).get("/").status_code == 404
