"""Somebody who is erased is named in no text that stays, however it is spelt; what is doubtful is asked."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from agenda.loop import tick
from classrooms.models import Group, ImportBatch, Observation, Photo, SchoolClass
from demo.factories.classrooms import ObservationFactory, StudentFactory
from demo.factories.people import person_with
from dpa.actions.replay_erasures import replay_erasures
from dpa.actions.request_erasure import request_person_erasure, request_student_erasure
from dpa.gateways import ledger
from dpa.models import Erasure
from dpa.views import doubts
from isolation.context import inside
from learning.models import Activity

UNDONE = timedelta(hours=12)
FIRST, LAST = "Zéphyrine", "Quatrebarbes"


def erased(world, now, *pupils):
    pupils = pupils or (world.pupil,)
    deletion = request_student_erasure(student_ids=[one.pk for one in pupils], by=world.admin, now=now)
    tick(now + UNDONE)
    return deletion


def text_of(row):
    return type(row).objects.get(pk=row.pk).text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("zephyrine quatrebarbes a aidé.", "[…] a aidé."),
        ("ZÉPHYRINE QUATREBARBES a aidé.", "[…] a aidé."),
        ("Ze\u0301phyrine\u00a0Quatrebarbes a aidé.", "[…] a aidé."),
        ("Quatrebarbes, Zéphyrine : bravo. Zéphyrine aussi.", "[…], […] : bravo. […] aussi."),
        ("Le travail de Zéphyrine l’a inspiré.", "Le travail de […] l’a inspiré."),
        ("Une zéphyrinette.", "Une zéphyrinette."),
    ],
)
def test_in_a_text_about_another(world, now, text, left):
    row = ObservationFactory(author=world.teacher, text=text, of=[world.other])
    erased(world, now)
    assert text_of(row) == left


def test_names_of_groups_classes_activities_and_imported_files(world, now):
    group = Group.objects.create(year=world.school_class.year, name="Avec Zéphyrine")
    Group.objects.create(year=world.school_class.year, name="Avec […]")
    activity = Activity.objects.create(name="Lecture pour Zéphyrine Quatrebarbes", created_at=now)
    batch = ImportBatch.objects.create(
        pupils_name="zephyrine_quatrebarbes.csv",
        guardians_name="parents.csv",
        created_at=now,
    )
    erased(world, now)
    group.refresh_from_db()
    activity.refresh_from_db()
    batch.refresh_from_db()
    assert group.name == "Avec […] 2"
    assert activity.name == "Lecture pour […]"
    assert batch.pupils_name == "[…].csv"


def test_a_name_that_somebody_else_bears_stays_where_it_is_alone(world, now):
    StudentFactory(first_name="Zéphyrine", last_name="Autre", school_class=world.school_class)
    alone = ObservationFactory(author=world.teacher, text="Zéphyrine a lu.", of=[world.other])
    whole = ObservationFactory(author=world.teacher, text="Zéphyrine Quatrebarbes a lu.", of=[world.other])
    erased(world, now)
    assert text_of(alone) == "Zéphyrine a lu."
    assert text_of(whole) == "[…] a lu."


def test_a_teacher_is_named_no_more(world, now):
    gone = person_with("teacher", now=now, email="an@ecole.example", first_name="Ann", last_name="Ogier")
    SchoolClass.objects.filter(pk=world.school_class.pk).update(name="CE1 Mme Ogier")
    row = ObservationFactory(author=gone, text="Ann Ogier l’a vu.", of=[world.other])
    request_person_erasure(person=gone, by=world.admin, now=now)
    tick(now + UNDONE)
    assert text_of(row) == "[…] l’a vu."
    assert SchoolClass.objects.get(pk=world.school_class.pk).name == "CE1 Mme […]"


@pytest.fixture
def an(world):
    """Return a pupil whose name is a word, and two texts in which it may be one."""
    world.pupil.first_name = "An"
    world.pupil.save()
    other = {"author": world.teacher, "of": [world.other]}
    world.year = ObservationFactory(text="Il y a un an, tout allait.", **other)
    world.named = ObservationFactory(text="Assis près d’an et de Tom.", **other)
    Observation.objects.exclude(pk__in=[world.year.pk, world.named.pk]).update(text="Rien.")
    Observation.objects.exclude(author=None).update(state="shared")
    return world


def test_what_is_doubtful_is_shown_ticked_and_at_the_deadline_the_ticked_goes(an, now, browse):
    site = browse(an.tenant, an.admin)
    url = reverse("dpa:request_student_erasure", args=[an.pupil.pk])
    page = site.get(url).content.decode()
    assert "un <mark>an</mark>, tout" in page
    shown = re.findall(r'name="shown_doubt" value="(\w+)"', page)
    assert len(shown) == len(re.findall(r'name="doubt" value="\w+"[^>]* checked', page)) == 2
    year = re.search(r'value="(\w+)" id="[^"]*" checked></td>(?:(?!<tr>).)*un <mark>an', page, re.DOTALL)[1]
    ticked = [key for key in shown if key != year]
    wrong = site.post(url, {"confirm_name": "x", "shown_doubt": shown, "doubt": ticked}).content.decode()
    assert len(re.findall(r'name="doubt" value="\w+"[^>]* checked', wrong)) == 1
    site.post(url, {"confirm_name": f"An {LAST}", "shown_doubt": shown, "doubt": ticked})
    tick(now + timedelta(days=1))
    with inside(an.tenant):
        assert text_of(an.year) == "Il y a un an, tout allait."
        assert text_of(an.named) == "Assis près d’[…] et de Tom."
        assert Erasure.objects.get().answers == []


def test_nothing_is_asked_of_texts_that_who_asks_does_not_read(an, browse, monkeypatch):
    site = browse(an.tenant, an.admin)
    monkeypatch.setattr(doubts, "observations_seen_by", lambda *args: Observation.objects.none())
    page = site.get(reverse("dpa:request_student_erasure", args=[an.pupil.pk])).content.decode()
    assert "tout allait" not in page
    assert "2 autres mots" in page


def test_where_nobody_was_asked_small_letters_stay_and_a_name_goes(an, now):
    capital = ObservationFactory(author=an.teacher, text="Avec An.", of=[an.other])
    erased(an, now)
    assert text_of(an.year) == "Il y a un an, tout allait."
    assert text_of(capital) == "Avec […]."


def test_a_restore_answers_as_was_answered(an, now, browse):
    site = browse(an.tenant, an.admin)
    url = reverse("dpa:request_student_erasure", args=[an.pupil.pk])
    shown = re.findall(r'name="shown_doubt" value="(\w+)"', site.get(url).content.decode())
    site.post(url, {"confirm_name": f"An {LAST}", "shown_doubt": shown, "doubt": shown})
    with inside(an.tenant):
        pupil = an.pupil.pk
    tick(now + timedelta(days=1))
    lines = list(ledger.lines())
    assert len(lines[0].answers) == 2
    with inside(an.tenant):
        StudentFactory(pk=pupil, first_name="An", last_name=LAST, school_class=an.school_class)
        Observation.objects.filter(pk=an.year.pk).update(text="Il y a un an, tout allait.")
    replay_erasures(lines, now=now + timedelta(days=2))
    with inside(an.tenant):
        assert text_of(an.year) == "Il y a un […], tout allait."


def test_captions_and_answers(world, now):
    photo = world.photos[3]
    Photo.objects.filter(pk=photo.pk).update(caption="Zephyrine Quatrebarbes au tableau")
    erased(world, now)
    assert Photo.objects.get(pk=photo.pk).caption == "[…] au tableau"
