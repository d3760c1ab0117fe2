"""A teacher's account is closed or deleted: what is left without anybody is said, and taken over."""

from datetime import date

import pytest
from django.urls import reverse

from audit.models import Entry
from classrooms.forms.handover import SuccessorForm
from classrooms.models import Group, Teaching
from classrooms.queries.handover import left_without_teacher
from demo.factories.classrooms import ClassFactory, TeachingFactory
from demo.factories.people import person_with
from dpa.models import Erasure
from people.models import Person

TODAY = date(2026, 11, 16)


@pytest.fixture
def going(in_school, now):
    """Return a teacher of two classes, of one of them alone, and of a group."""
    teacher = person_with("teacher", now=now, email="part@ecole.example", last_name="Part")
    alone, shared = ClassFactory(name="CE1 A"), ClassFactory(name="CE2 B")
    TeachingFactory(person=teacher, school_class=alone)
    TeachingFactory(person=teacher, school_class=shared)
    stays = person_with("teacher", now=now, email="reste@ecole.example", last_name="Reste")
    TeachingFactory(person=stays, school_class=shared)
    group = Group.objects.create(name="Chorale", year=alone.year)
    Teaching.objects.create(person=teacher, group=group, starts_on=TODAY)
    return teacher


@pytest.fixture
def client(in_school, now, browse):
    return browse(in_school, person_with("administrator", now=now, email="direction@ecole.example"))


@pytest.fixture
def heir(going, now):
    return person_with("teacher", now=now, email="suit@ecole.example", last_name="Suit")


def names(places):
    return [str(place) for place in places]


def test_what_others_teach_and_what_is_of_another_year_is_not_left_behind(going):
    assert names(left_without_teacher(going.pk, today=TODAY)) == ["CE1 A", "Chorale"]
    assert left_without_teacher(going.pk, today=date(2027, 9, 1)) == []
    Person.objects.filter(email="reste@ecole.example").update(is_active=False)
    assert names(left_without_teacher(going.pk, today=TODAY)) == ["CE1 A", "CE2 B", "Chorale"]


def test_closing_says_what_is_left_and_one_successor_takes_all(going, heir, client):
    address = reverse("people:deactivate", args=[going.pk])
    page = client.get(address).content.decode()
    assert "Sans enseignant à partir d’aujourd’hui" in page
    assert "CE1 A, Chorale" in page
    client.post(address, {"successor": str(heir.pk)})
    going.refresh_from_db()
    assert not going.is_active
    current = Teaching.objects.filter(ends_on=None)
    assert set(current.filter(person=heir).values_list("school_class__name", "group__name")) == {
        ("CE1 A", None),
        (None, "Chorale"),
    }
    assert names(place.school_class for place in current.filter(person=going)) == ["CE2 B"]
    said = Entry.objects.filter(verb__in=["class.handed_over", "group.handed_over"])
    assert said.count() == 2
    assert all(set(one.about) >= {going.pk, heir.pk} for one in said)


def test_each_class_may_have_its_own_successor_and_none_has_to_be_named(going, heir, client):
    group = Group.objects.get(name="Chorale")
    client.post(reverse("people:deactivate", args=[going.pk]), {f"successor-{group.pk}": str(heir.pk)})
    assert Teaching.objects.filter(person=heir, ends_on=None).get().group == group
    kept = Teaching.objects.filter(person=going, ends_on=None, school_class__name="CE1 A")
    assert kept.exists()  # theirs again once the account is opened again


def test_who_is_no_teacher_here_takes_nothing_over_and_nothing_is_closed(going, now, client):
    parent = person_with("guardian", now=now, email="parent@famille.example")
    answer = client.post(reverse("people:deactivate", args=[going.pk]), {"successor": str(parent.pk)})
    assert answer.status_code == 400
    going.refresh_from_db()
    assert going.is_active
    assert not Teaching.objects.filter(person=parent).exists()


def test_searching_for_a_successor_closes_nothing(going, client):
    found = client.post(
        reverse("people:deactivate", args=[going.pk]), {"find": "successor", "find-successor": "Su"}
    )
    assert found.status_code == 200
    going.refresh_from_db()
    assert going.is_active


def test_deleting_a_teacher_asks_the_same(going, heir, client):
    address = reverse("dpa:request_person_erasure", args=[going.pk])
    page = client.get(address).content.decode()
    assert "Sans enseignant à partir d’aujourd’hui" in page
    data = {"confirm_name": going.name, "successor": str(heir.pk)}
    client.post(address, data | {"confirm_name": "x"})
    assert not Teaching.objects.filter(person=heir).exists()
    client.post(address, data)
    assert Erasure.objects.about([going.pk]).exists()
    assert Teaching.objects.filter(person=heir, ends_on=None).count() == 2


def test_nothing_is_asked_of_who_leaves_nothing_behind(in_school, now, client):
    quiet = person_with("teacher", now=now, email="calme@ecole.example", last_name="Calme")
    assert client.get(reverse("people:deactivate", args=[quiet.pk])).context["closing"] is None


def test_who_may_not_change_classes_reads_it_and_chooses_nobody(going):
    left = left_without_teacher(going.pk, today=TODAY)
    form = SuccessorForm({"successor": str(going.pk)}, left=left, leaving=going, may_choose=False)
    assert form.is_valid()
    assert (list(form.fields), form.successors) == ([], {})
    assert "Chorale" in form.intro
