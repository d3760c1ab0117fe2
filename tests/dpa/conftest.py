"""A pupil with a name nobody else has, and all that is held about them."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile

from audit.actions import log_action
from classrooms.models import GuardianInformation, ObservationCompetency, Photo, ReadReceipt
from demo.factories.classrooms import (
    ClassFactory,
    GuardianFactory,
    ObservationFactory,
    StudentFactory,
    TeachingFactory,
)
from demo.factories.people import person_with
from learning.models import Activity, Result

JPEG = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300080606070605080707070909080a0c140d0c0b0b0c1912130f141d1a1f1e1d"
    "1a1c1c20242e2720222c231c1c2837292c30313434341f27393d38323c2e333432ffc0000b080001000101011100ffc4001400010000000000"
    "0000000000000000000009ffc40014100100000000000000000000000000000000ffda0008010100003f0037ffd9"
)
FIRST = "Zéphyrine"
LAST = "Quatrebarbes"


@pytest.fixture(autouse=True)
def kept_apart(settings, tmp_path):
    """Give each test its own ledger and its own storage."""
    settings.ERASURE_LEDGER = tmp_path / "ledger.jsonl"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.BACKUPS_CONFIGURED = True
    return tmp_path


def photo_of(observation):
    """Return a photo with its file."""
    photo = Photo(observation=observation, width=1, height=1, caption="", created_at=observation.created_at)
    photo.file.save("photo.jpg", ContentFile(JPEG), save=False)
    photo.save(force_insert=True)
    return photo


@pytest.fixture
def world(in_school, now):
    """Return a class with two pupils, what is recorded of both, and the people around them."""
    admin = person_with("administrator", now=now, email="direction@ecole.example")
    teacher = person_with("teacher", now=now, email="maitresse@ecole.example")
    parent = person_with("guardian", now=now, email="parent@famille.example")
    school_class = ClassFactory()
    TeachingFactory(person=teacher, school_class=school_class)
    pupil = StudentFactory(first_name=FIRST, last_name=LAST, school_class=school_class)
    other = StudentFactory(first_name="Tom", last_name="Voisin", school_class=school_class)
    guardian = GuardianFactory(email=parent.email, person=parent, of=[pupil])
    alone = ObservationFactory(author=teacher, text=f"{FIRST} lit seule.", state="shared", of=[pupil])
    both = ObservationFactory(
        author=teacher, text=f"{FIRST} et Tom ont construit un pont.", of=[pupil, other]
    )
    elsewhere = ObservationFactory(author=teacher, text=f"Comme {FIRST} {LAST} l’a montré.", of=[other])
    ReadReceipt.objects.create(
        observation=alone, guardian=guardian, read_at=now, answer=f"Merci pour {FIRST} {LAST} !"
    )
    GuardianInformation.objects.create(
        student=pupil, informed_on=now.date(), how="letter", covers=["purpose"], recorded_at=now
    )
    activity = Activity.objects.create(name="Lecture", created_at=now)
    Result.objects.bulk_create(
        Result(student=who, activity=activity, score=50 + n, done_at=datetime(2026, 10, 1 + n, 9, tzinfo=UTC))
        for who in (pupil, other)
        for n in range(10)
    )
    personal = {"first_name": FIRST, "last_name": LAST}
    log_action(
        "student.created", by=admin, on=pupil, at=now - timedelta(days=1), personal=personal, about=[pupil.pk]
    )
    photos = [photo_of(alone), photo_of(alone), photo_of(both), photo_of(elsewhere)]
    return SimpleNamespace(
        admin=admin,
        teacher=teacher,
        parent=parent,
        school_class=school_class,
        pupil=pupil,
        other=other,
        guardian=guardian,
        alone=alone,
        both=both,
        elsewhere=elsewhere,
        photos=photos,
        tenant=in_school,
        shown=ObservationCompetency,
    )
