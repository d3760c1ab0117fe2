"""Invented classes, pupils, guardians and observations; made inside the tenant one has entered."""

from datetime import UTC, date, datetime
from typing import Any

from factory.declarations import LazyAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory
from factory.helpers import post_generation

from classrooms import models
from demo.factories.people import PersonFactory

FIRST = ("Inès", "Élan", "Noé", "Zoé", "Anouk", "Malo", "Léonie", "Gaël", "Maïa", "Côme", "Éléa", "Noam")
LAST = ("Abadie", "Béraud", "Calvet", "Delmas", "Ferrand", "Guérin", "Hervé", "Ibarra", "Jacquet", "Kerbrat")
MADE_AT = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


class YearFactory(DjangoModelFactory[models.SchoolYear]):
    """A school year."""

    class Meta:
        model = models.SchoolYear
        django_get_or_create = ("name",)

    name = "2026–2027"
    starts_on = date(2026, 9, 1)
    ends_on = date(2027, 9, 1)


class ClassFactory(DjangoModelFactory[models.SchoolClass]):
    """A class."""

    class Meta:
        model = models.SchoolClass

    year = SubFactory(YearFactory)
    name = Sequence(lambda n: f"CE1 {n}")
    level = "CE1"


class StudentFactory(DjangoModelFactory[models.Student]):
    """A pupil; `school_class=` puts them in a class."""

    class Meta:
        model = models.Student
        skip_postgeneration_save = True

    first_name = Sequence(lambda n: FIRST[n % len(FIRST)])
    last_name = Sequence(lambda n: LAST[n // len(FIRST) % len(LAST)])
    birth_on = Sequence(lambda n: date(2018, 1 + n % 12, 1 + n // 12 % 28))
    level = "CE1"
    created_at = MADE_AT

    @post_generation  # type: ignore[untyped-decorator]
    def school_class(obj: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Put the pupil in the class given."""
        if extracted:
            models.Enrolment.objects.create(student=obj, school_class=extracted, starts_on=date(2026, 9, 1))


class TeachingFactory(DjangoModelFactory[models.Teaching]):
    """Somebody teaches a class."""

    class Meta:
        model = models.Teaching

    person = SubFactory(PersonFactory)
    school_class = SubFactory(ClassFactory)
    starts_on = date(2026, 9, 1)


class GuardianFactory(DjangoModelFactory[models.Guardian]):
    """A guardian; `of=[pupils]` links them, `person=` gives an account."""

    class Meta:
        model = models.Guardian
        skip_postgeneration_save = True

    email = Sequence(lambda n: f"famille{n}@famille.example")
    created_at = MADE_AT

    @post_generation  # type: ignore[untyped-decorator]
    def of(obj: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Tie it to the pupils given."""
        for student in extracted or ():
            models.Guardianship.objects.create(guardian=obj, student=student)


class ObservationFactory(DjangoModelFactory[models.Observation]):
    """An observation; `of=[pupils]` says about whom."""

    class Meta:
        model = models.Observation
        skip_postgeneration_save = True

    author = SubFactory(PersonFactory)
    text = "A lu seule une page de son album et l’a racontée à la classe."
    observed_on = date(2026, 11, 13)
    state = "draft"
    created_at = changed_at = datetime(2026, 11, 13, 15, 20, tzinfo=UTC)
    shared_at = LazyAttribute(lambda o: o.created_at if o.state == "shared" else None)

    @post_generation  # type: ignore[untyped-decorator]
    def of(obj: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Tie it to the pupils given."""
        for student in extracted or ():
            models.ObservationStudent.objects.create(observation=obj, student=student)
