"""Invented activities and results; made inside the tenant one has entered."""

from datetime import UTC, datetime

from factory.declarations import Sequence, SubFactory
from factory.django import DjangoModelFactory

from demo.factories.classrooms import StudentFactory
from learning import models


class ActivityFactory(DjangoModelFactory[models.Activity]):
    """An activity."""

    class Meta:
        model = models.Activity
        django_get_or_create = ("name",)

    name = Sequence(lambda n: f"Lecture {n}")
    created_at = datetime(2026, 9, 1, tzinfo=UTC)


class ResultFactory(DjangoModelFactory[models.Result]):
    """A result."""

    class Meta:
        model = models.Result

    student = SubFactory(StudentFactory)
    activity = SubFactory(ActivityFactory, name="Lecture à voix haute")
    score = 70
    done_at = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
