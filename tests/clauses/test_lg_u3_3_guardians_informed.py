"""LG-U3.3: a child's account can't be activated before guardians were informed beforehand, on record."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from classrooms.policy.guardian_information import (
    SUBJECTS,
    GuardiansNotInformed,
    InformationNotice,
    NoticeIncomplete,
    complete,
    informed_since,
)
from demo.factories.classrooms import ClassFactory, StudentFactory
from demo.factories.people import person_with
from isolation.context import inside
from people.models import Person
from tests.clauses.stage import live, plain

TODAY = date(2026, 11, 16)


def test_the_first_complete_notice_counts_of_the_child_or_of_the_class():
    notices = [
        InformationNotice(date(2026, 9, 7), SUBJECTS),
        InformationNotice(date(2026, 9, 1), frozenset({"purpose"})),
        InformationNotice(TODAY, SUBJECTS),
    ]
    assert informed_since(notices, today=TODAY) == date(2026, 9, 7)


@pytest.mark.parametrize(
    "notices",
    [
        [],
        [InformationNotice(TODAY + timedelta(days=1), SUBJECTS)],
        [InformationNotice(date(2026, 9, 1), frozenset({"purpose", "access"}))],
    ],
)
def test_no_account_without_a_complete_notice_already_given(notices):
    with pytest.raises(GuardiansNotInformed):
        informed_since(notices, today=TODAY)


def test_a_notice_covers_at_least_purpose_access_and_categories():
    assert complete({"purpose", "access", "categories", "rights"}) >= SUBJECTS
    with pytest.raises(NoticeIncomplete, match="access, categories"):
        complete({"purpose"})


days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
covers = st.frozensets(st.sampled_from(["purpose", "access", "categories", "rights"]))


@given(st.lists(st.builds(InformationNotice, days, covers), max_size=6), days)
def test_the_day_found_is_never_later_than_today_nor_without_a_notice(notices, today):
    try:
        since = informed_since(notices, today=today)
    except GuardiansNotInformed:
        assert not [n for n in notices if n.informed_on <= today and n.covers >= SUBJECTS]
    else:
        assert since <= today
        assert any(n.informed_on == since for n in notices)


@pytest.mark.story(
    "LG-U3.3",
    door="page",
    fr="La directrice inscrit que les responsables d’une classe sont informés ; un élève y arrive le "
    "lendemain : sa carte est refusée et il est nommé, les autres ont la leur, et il a la sienne une fois "
    "ses responsables informés à leur tour.",
)
def test_who_comes_into_a_class_later_is_asked_about_anew(browse, clock, school, now):
    """A head records that a class's guardians are informed; a pupil comes into it the day after: its card is
    refused and it is named, the others have theirs, and it has its own once its guardians are informed too.
    """
    with inside(school):
        head = person_with("administrator", now=now, email="direction@ecole.example")
        ours = ClassFactory(name="CE1 Aubry")
        here = StudentFactory(first_name="Inès", last_name="Abadie", school_class=ours)
    office = browse(school, head)
    told = {"informed_on": "2026-09-07", "how": "letter", "covers": sorted(SUBJECTS)}
    cards = reverse("classrooms:class_cards", args=[ours.pk])
    refused = office.post(cards, {"students": [here.pk], "declares": "on"}, follow=True)
    assert "Inès Abadie" in plain(refused.content.decode())
    assert accounts(school) == 0
    assert office.post(reverse("classrooms:class_informed", args=[ours.pk]), told).status_code == 302
    tomorrow = live(clock, TODAY + timedelta(days=1))
    with inside(school):
        late = StudentFactory(first_name="Émile", last_name="Zola", school_class=ours)
        late.enrolments.update(starts_on=tomorrow.date())
    office = browse(school, head)
    assert office.post(cards, {"students": [here.pk]}).status_code == 400  # nobody has declared anything
    both = office.post(cards, {"students": [here.pk, late.pk], "declares": "on"}, follow=True)
    said = plain(both.content.decode())
    assert "Pas encore informés : ceux de Émile Zola." in said
    assert accounts(school) == 0
    assert office.post(cards, {"students": [here.pk], "declares": "on"}).status_code == 200
    assert accounts(school) == 1
    own = reverse("classrooms:student_informed", args=[late.pk])
    assert office.post(own, told | {"informed_on": "2026-11-17"}).status_code == 302
    assert office.post(cards, {"students": [late.pk], "declares": "on"}).status_code == 200
    assert accounts(school) == 2


def accounts(school):
    """Return how many pupils have an account."""
    with inside(school):
        return Person.objects.filter(kind="student").count()
