"""Invented classes, pupils, guardians and observations; made inside the tenant one has entered."""

from datetime import UTC, date, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from classrooms import models
from demo.factories.people import PersonFactory

FIRST = ("Inès", "Élan", "Noé", "Zoé", "Anouk", "Malo", "Léonie", "Gaël", "Maïa", "Côme", "Éléa", "Noam")
LAST = ("Abadie", "Béraud", "Calvet", "Delmas", "Ferrand", "Guérin", "Hervé", "Ibarra", "Jacquet", "Kerbrat")
MADE_AT = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


class YearFactory(DjangoModelFactory):
    """A school year."""

    class Meta:
        model = models.SchoolYear
        django_get_or_create = ("name",)

    name = "2026–2027"
    starts_on = date(2026, 9, 1)
    ends_on = date(2027, 9, 1)


class ClassFactory(DjangoModelFactory):
    """A class."""

    class Meta:
        model = models.SchoolClass

    year = factory.SubFactory(YearFactory)
    name = factory.Sequence(lambda n: f"CE1 {n}")
    level = "CE1"


class StudentFactory(DjangoModelFactory):
    """A pupil; `school_class=` puts them in a class."""

    class Meta:
        model = models.Student
        skip_postgeneration_save = True

    first_name = factory.Sequence(lambda n: FIRST[n % len(FIRST)])
    last_name = factory.Sequence(lambda n: LAST[n // len(FIRST) % len(LAST)])
    birth_on = factory.Sequence(lambda n: date(2018, 1 + n % 12, 1 + n // 12 % 28))
    level = "CE1"
    created_at = MADE_AT

    @factory.post_generation
    def school_class(obj: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        if extracted:
            models.Enrolment.objects.create(student=obj, school_class=extracted, starts_on=date(2026, 9, 1))


class TeachingFactory(DjangoModelFactory):
    """Somebody teaches a class."""

    class Meta:
        model = models.Teaching

    person = factory.SubFactory(PersonFactory)
    school_class = factory.SubFactory(ClassFactory)
    starts_on = date(2026, 9, 1)


class GuardianFactory(DjangoModelFactory):
    """A guardian; `of=[pupils]` links them, `person=` gives an account."""

    class Meta:
        model = models.Guardian
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"famille{n}@famille.example")
    created_at = MADE_AT

    @factory.post_generation
    def of(obj: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        for student in extracted or ():
            models.Guardianship.objects.create(guardian=obj, student=student)


class ObservationFactory(DjangoModelFactory):
    """An observation; `of=[pupils]` says about whom."""

    class Meta:
        model = models.Observation
        skip_postgeneration_save = True

    author = factory.SubFactory(PersonFactory)
    text = "A lu seule une page de son album et l’a racontée à la classe."
    observed_on = date(2026, 11, 13)
    state = "draft"
    created_at = changed_at = datetime(2026, 11, 13, 15, 20, tzinfo=UTC)
    shared_at = factory.LazyAttribute(lambda o: o.created_at if o.state == "shared" else None)

    @factory.post_generation
    def of(obj: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        for student in extracted or ():
            models.ObservationStudent.objects.create(observation=obj, student=student)
