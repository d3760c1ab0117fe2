"""LG-S12l: active profiles never exceed the licences bought.

The next one is refused with the way to extend.
"""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from billing.models import Order
from classrooms.policy.licences import LicencesUsedUp, seats_left
from demo.factories.people import person_with
from dpa.models import Erasure
from dpa.queries.mails import undo_token
from isolation.context import inside, inside_operator
from tests.billing.support import rows_of, url
from tests.clauses.stage import later, paid, plain, subscribed, visitor

some = st.integers(0, 10_000)


@pytest.mark.parametrize(
    ("bought", "active", "adding", "left"), [(210, 0, 210, 0), (210, 209, 1, 0), (210, 10, 5, 195)]
)
def test_up_to_the_last_licence(bought, active, adding, left):
    assert seats_left(bought=bought, active=active, adding=adding) == left


@pytest.mark.parametrize(
    ("bought", "active", "adding", "short"), [(210, 210, 1, 1), (210, 0, 211, 1), (0, 0, 1, 1), (5, 9, 2, 6)]
)
def test_the_next_one_is_refused_and_the_refusal_says_how_many_are_lacking(bought, active, adding, short):
    with pytest.raises(LicencesUsedUp) as refused:
        seats_left(bought=bought, active=active, adding=adding)
    assert refused.value.short == short
    assert (refused.value.bought, refused.value.active, refused.value.adding) == (bought, active, adding)


def test_fewer_licences_than_before_refuse_no_one_who_is_there():
    assert seats_left(bought=5, active=9, adding=0) == -4


def test_a_negative_number_is_a_mistake():
    with pytest.raises(ValueError, match="never negative"):
        seats_left(bought=1, active=-1, adding=0)


@given(bought=some, active=some, adding=st.integers(1, 10_000))
def test_nobody_is_ever_added_past_the_licences(bought, active, adding):
    try:
        left = seats_left(bought=bought, active=active, adding=adding)
    except LicencesUsedUp:
        assert active + adding > bought
    else:
        assert left >= 0


@pytest.mark.story(
    "LG-S12l",
    door="page",
    fr="Une école a trois licences : le profil de trop est refusé avec la façon d’en ajouter ; elle en "
    "achète une au portail, la paie, et le même élève entre.",
)
def test_one_profile_too_many_is_refused_until_one_more_licence_is_paid(browse, clock, now):
    """A school has three licences: the profile too many is refused with the way to add some; it buys one in
    the portal, pays it, and the same pupil comes in.
    """
    school = subscribed(now, quantity=3)
    with inside_operator():
        Order.objects.filter(subscriptions=school).update(version=None)  # taken online, not quoted
    with inside(school.contract.tenant):
        head = person_with("administrator", now=now, email="direction@erables.example")
    office = browse(school.contract.tenant, head)
    page = reverse("classrooms:student_new")
    typed = {"last_name": "Roy", "birth_on": "2019-05-04", "level": "CE1"}
    for name in ("Anatole", "Basile", "Colette"):
        assert office.post(page, typed | {"first_name": name}).status_code == 302
    refused = office.post(page, typed | {"first_name": "Daphné"})
    assert refused.status_code == 400
    words = plain(refused.content.decode())
    assert "3 élèves sont actifs, 1 de plus le seraient, pour 3 licences" in words
    assert "Étendez votre abonnement à la page Licences" in words
    more = {"preau-ecole": "4", "confirm": "1", "method": "transfer", "terms": "on"}
    visitor(browse, school.contact).post(url("portal_plan", school.pk), more)
    assert office.post(page, typed | {"first_name": "Daphné"}).status_code == 400  # ordered isn't paid
    paid(max(rows_of(Order.objects), key=lambda row: row.number), later(clock, minutes=2))
    assert office.post(page, typed | {"first_name": "Daphné"}).status_code == 302


@pytest.mark.story(
    "LG-S12l",
    door="page",
    fr="Une suppression demandée rend sa licence à l’école, un autre élève la prend : l’annuler est refusé, "
    "avec ce qui manque, jusqu’à ce qu’une licence soit libre.",
)
def test_a_deletion_is_undone_on_a_free_licence_only(browse, now):
    """A deletion asked for gives its licence back, another pupil takes it: undoing it is refused, saying what
    lacks, until a licence is free.
    """
    school = subscribed(now, quantity=2)
    tenant = school.contract.tenant
    with inside(tenant):
        head = person_with("administrator", now=now, email="direction@erables.example")
    office = browse(tenant, head)
    page = reverse("classrooms:student_new")
    typed = {"last_name": "Roy", "birth_on": "2019-05-04", "level": "CE1"}
    ids = {}
    for name in ("Anatole", "Basile"):
        ids[name] = office.post(page, typed | {"first_name": name}).url.rstrip("/").rsplit("/", 1)[1]
    confirmed = {"confirm_name": "Anatole Roy"}
    deletion = office.post(reverse("dpa:request_student_erasure", args=[ids["Anatole"]]), confirmed)
    assert deletion.status_code == 302
    undo = f"{deletion.url}undo/"
    assert used(office) == 1
    assert office.post(page, typed | {"first_name": "Colette"}).status_code == 302
    refused = plain(office.post(undo, follow=True).content.decode())
    assert "Il manque une licence : 2 élèves sont actifs" in refused
    with inside(tenant):
        token = undo_token(Erasure.objects.get())
    by_link = office.post(reverse("dpa:undo_by_link", args=[token]))
    assert "Il manque une licence : 2 élèves sont actifs" in plain(by_link.content.decode())
    assert used(office) == 2
    assert office.post(reverse("classrooms:student_departure", args=[ids["Basile"]])).status_code == 302
    assert "Suppression annulée" in plain(office.post(undo, follow=True).content.decode())
    assert used(office) == 2


def used(office):
    """Return how many licences the page of licences says are used."""
    return office.get(reverse("billing:licences")).context["used"]
