"""Who reads an observation, whatever happens to it, its pupils and their guardians."""

from datetime import UTC, datetime
from itertools import count

import pytest
from django.urls import set_urlconf

from demo.factories.classrooms import (
    ClassFactory,
    GuardianFactory,
    ObservationFactory,
    StudentFactory,
    TeachingFactory,
)
from demo.factories.people import person_with
from dpa.actions.set_retention import add_to_annex
from isolation.context import inside
from learning.models import Activity, Result
from tests.conftest import open_school
from tests.dpa.conftest import photo_of
from tests.oracle.playing import play
from tests.oracle.sharing import Colleagues, Progress, Rewriting, Sight

number = count()  # an address leads to one school for as long as the process lives


@pytest.fixture
def scene(db, now, clock, browse, settings, tmp_path):
    """Yield what a machine plays with: a school whose annex lists guardians, two pupils in two classes."""
    settings.MEDIA_ROOT = tmp_path
    set_urlconf("config.urls_tenant")
    tenant = open_school(f"acacias-{next(number)}", "École des Acacias", ["school"], licences=40)
    with inside(tenant):
        head = person_with("administrator", now=now, email="direction@acacias.example")
        add_to_annex(subject="guardian", fields=["email"], by=head, now=now)
        teachers = [person_with("teacher", now=now, email=f"m{n}@acacias.example") for n in range(2)]
        classes = [ClassFactory(name=name) for name in ("CE1 A", "CE1 B")]
        for person, room in zip(teachers, classes, strict=True):
            TeachingFactory(person=person, school_class=room)
        pupils = [StudentFactory(school_class=classes[rank]) for rank in (0, 1)]
        people = [person_with("guardian", now=now, email=f"p{n}@famille.example") for n in range(2)]
        guardians = [GuardianFactory(email=person.email, person=person) for person in people]
        guardians[0].students.add(pupils[0])
        elder = StudentFactory(school_class=ClassFactory(name="CM2"))  # whoever looks after nobody would go
        for guardian in guardians:
            guardian.students.add(elder)
        texts = ("Observation un : lit seule.", "Observation deux : compte loin.")
        observations = [
            ObservationFactory(author=teachers[0], of=pupils[:many], text=text)
            for many, text in enumerate(texts, 1)
        ]
        activity = Activity.objects.create(name="Lecture", created_at=now)
        done_at = datetime(2026, 11, 9, 9, tzinfo=UTC)
        Result.objects.create(student=pupils[0], activity=activity, score=60, done_at=done_at)
        yield {
            "starts_at": now,
            "clock": clock,
            "browse": staticmethod(browse),
            "tenant": tenant,
            "people": {"head": head},
            "teachers": teachers,
            "pupils": pupils,
            "classes": classes,
            "guardians": guardians,
            "observations": observations,
            "photos": [photo_of(row) for row in observations],
        }
    set_urlconf(None)


def machine(kind, scene):
    """Return a machine on this scene."""
    return type(kind.__name__, (kind,), dict(scene))


def test_a_guardian_reads_what_is_shared_of_their_children_and_nothing_else(scene):
    play(machine(Sight, scene), examples=5)


def test_a_teacher_reads_what_is_in_the_record_of_their_pupils_and_nothing_else(scene):
    play(machine(Colleagues, scene), examples=3)


def test_guardians_see_no_progress_where_they_see_nothing(scene):
    play(machine(Progress, scene), examples=3)


def test_a_word_corrected_leaves_the_pupils_as_they_were(scene):
    play(machine(Rewriting, scene), examples=3)
