"""Who was erased stays erased, whatever is undone, imported, restored, sent or answered."""

from datetime import timedelta

import pytest
from django.urls import set_urlconf

from classrooms.actions.save_observation import save_observation
from classrooms.models import ReadReceipt
from classrooms.policy.changes import Written
from demo.factories.classrooms import (
    ClassFactory,
    GuardianFactory,
    ObservationFactory,
    StudentFactory,
    TeachingFactory,
)
from demo.factories.people import person_with
from learning.models import Activity, Result
from tests.dpa.conftest import photo_of
from tests.oracle.erasure import Gone, Invited, Unheard
from tests.oracle.playing import play

PUPILS = (("Zelindra", "Quatrebarbes"), ("Ombeline", "Taillefer"), ("Perpetue", "Vautravers"))
PARENT = "ivraie@famille.example"
INVITED = "jamaisvenu@famille.example"
DRAFTS = ("Zelindra et Ombeline chantent.", "Comme Zelindra Quatrebarbes, encore.")


@pytest.fixture
def scene(in_nursery, now, clock, browse, settings, tmp_path):
    """Yield what a machine plays with: a nursery, what is recorded of two pupils, and who is around them."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.ERASURE_LEDGER = tmp_path / "ledger.jsonl"
    settings.BACKUPS_CONFIGURED = True
    set_urlconf("config.urls_tenant")
    head = person_with("administrator", now=now, email="direction@coquelicots.example")
    room = ClassFactory()
    TeachingFactory(person=head, school_class=room)
    names = [{"first_name": first, "last_name": last} for first, last in PUPILS]
    pupils = [StudentFactory(school_class=room, birth_on="2018-02-03", **name) for name in names[:2]]
    left = StudentFactory(
        left_on=now.date() - timedelta(days=727), created_at=now - timedelta(days=900), **names[2]
    )
    parent = person_with("guardian", now=now, email=PARENT, first_name="", last_name="")
    guardian = GuardianFactory(email=PARENT, person=parent, of=pupils)
    invited = GuardianFactory(email=INVITED, of=pupils)
    texts = (
        "Zelindra lit seule.",
        "Zelindra et Ombeline comptent.",
        "Comme Zelindra Quatrebarbes.",
    )
    about = (pupils[:1], pupils, pupils[1:])
    observations = [
        ObservationFactory(author=head, text=text, state="shared", of=of)
        for text, of in zip(texts, about, strict=True)
    ]
    for row, text, of in zip(observations[1:], DRAFTS, about[1:], strict=True):
        written = Written(text, row.observed_on, [one.pk for one in of])
        save_observation(observation=row, by=head, written=written, now=now)
    ReadReceipt.objects.create(
        observation=observations[0], guardian=guardian, read_at=now, answer="Bravo Zelindra Quatrebarbes"
    )
    activity = Activity.objects.create(name="Lecture", created_at=now)
    for pupil in pupils:
        Result.objects.create(student=pupil, activity=activity, score=60, done_at=now - timedelta(days=3))
    photos = [photo_of(row) for row in observations]
    files = {photo.file.name: photo.file.read() for photo in photos}
    shown = {pupil.pk: [] for pupil in pupils}
    for photo, of in zip(photos, about, strict=True):
        for pupil in of:
            shown[pupil.pk].append(photo.file.name)

    def everybody():
        for pupil in pupils:
            words = (pupil.last_name, pupil.first_name)
            yield {"words": words, "row": pupil, "ids": {pupil.pk}, "photos": shown[pupil.pk]}
        yield {"words": (PARENT,), "row": guardian, "ids": {guardian.pk, parent.pk}}
        yield {"words": (INVITED,), "row": invited, "ids": {invited.pk}}
        yield {"words": (left.last_name,), "row": left, "ids": {left.pk}}

    yield {
        "starts_at": now,
        "clock": clock,
        "browse": staticmethod(browse),
        "tenant": in_nursery,
        "head": head,
        "observations": observations,
        "media": settings.MEDIA_ROOT,
        "ledger": settings.ERASURE_LEDGER,
        "files": files,
        "everybody": staticmethod(everybody),
    }
    set_urlconf(None)


def machine(kind, scene):
    """Return a machine on this scene."""
    return type(kind.__name__, (kind,), dict(scene))


def test_who_was_erased_is_gone_and_stays_gone(scene):
    play(machine(Gone, scene), examples=10)


def test_who_was_erased_is_not_heard_of_and_the_trail_stays_whole(scene):
    play(machine(Unheard, scene), examples=8)


def test_an_invitation_opens_nothing_to_who_is_being_deleted(scene):
    play(machine(Invited, scene), examples=8)
