"""Invented classes to measure on; made inside the tenant one has entered.

Import it once the ground stands.
"""

import random
from datetime import timedelta
from typing import Any

import _ground as g
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from classrooms.actions.add_photo import add_photo
from classrooms.actions.open_year import open_year
from classrooms.models import (
    Competency,
    Enrolment,
    Observation,
    ObservationCompetency,
    ObservationStudent,
    SchoolClass,
    Student,
    Teaching,
)
from demo.factories.classrooms import FIRST, LAST
from demo.factories.people import person_with
from demo.world.pictures import picture
from demo.world.sentences import ANY
from learning.models import Activity, Result

DAY = timedelta(days=1)


def person(role: str = "administrator") -> Any:
    """Return somebody with a shipped role who has accepted the terms."""
    return person_with(role, now=g.NOW, username=role, email=f"{role}@ecole.example")


def session(someone: Any, backend: str = "people.backend.PersonBackend") -> str:
    """Return the key of a session somebody signed in to through this backend."""
    store = SessionStore()
    store[SESSION_KEY] = str(someone.pk)
    store[BACKEND_SESSION_KEY] = backend
    store[HASH_SESSION_KEY] = someone.get_session_auth_hash()
    store.save()
    return str(store.session_key)


def class_of(name: str, pupils: int, *, teacher: Any, results: int = 40) -> SchoolClass:
    """Return a class: so many pupils, each with so many results over the last twenty weeks."""
    dice = random.Random(name)
    today = g.NOW.date()
    made = SchoolClass.objects.create(year=open_year(today), name=name, level="CE1")
    Teaching.objects.create(person=teacher, school_class=made, starts_on=today)
    students = Student.objects.bulk_create(
        Student(
            first_name=FIRST[n % len(FIRST)],
            last_name=f"{LAST[n % len(LAST)]}-{n}",
            level="CE1",
            created_at=g.NOW,
            birth_on=today - timedelta(days=2900 + n),
        )
        for n in range(pupils)
    )
    Enrolment.objects.bulk_create(
        Enrolment(student=one, school_class=made, starts_on=today) for one in students
    )
    for one in students:
        score(one, results, dice)
    return made


def score(student: Student, count: int, dice: random.Random) -> None:
    """Give a pupil so many results."""
    names = ("Lecture à voix haute", "Calcul mental", "Dictée de mots", "Jeu de logique")
    activities = [
        Activity.objects.get_or_create(name=name, defaults={"created_at": g.NOW})[0] for name in names
    ]
    Result.objects.bulk_create(
        (
            Result(
                student=student,
                activity=dice.choice(activities),
                score=dice.randrange(101),
                seconds=300,
                done_at=g.NOW - DAY * dice.randrange(1, 140) - timedelta(seconds=n),
            )
            for n in range(count)
        ),
        batch_size=1000,
    )


def observe(student: Student, *, author: Any, count: int, photos: int = 0) -> None:
    """Write so many observations about a pupil, the first ones with a photo each."""
    dice = random.Random(str(student.pk))
    shown = list(Competency.objects.filter(cycle=2))
    rows = Observation.objects.bulk_create(
        Observation(
            author=author,
            text=dice.choice(ANY).format(who=student.first_name),
            observed_on=(g.NOW - DAY * n).date(),
            state="shared",
            created_at=g.NOW - DAY * n,
            changed_at=g.NOW - DAY * n,
            shared_at=g.NOW - DAY * n,
        )
        for n in range(1, count + 1)
    )
    ObservationStudent.objects.bulk_create(
        ObservationStudent(observation=one, student=student) for one in rows
    )
    ObservationCompetency.objects.bulk_create(
        ObservationCompetency(observation=one, competency=dice.choice(shown), level="progress")
        for one in rows
    )
    for number, one in enumerate(rows[:photos]):
        add_photo(observation=one, upload=picture(number), caption="La cour", by=author, now=g.NOW)
