"""Invented activities and results; made inside the tenant one has entered."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from demo.factories.classrooms import StudentFactory
from learning import models


class ActivityFactory(DjangoModelFactory):
    """An activity."""

    class Meta:
        model = models.Activity
        django_get_or_create = ("name",)

    name = factory.Sequence(lambda n: f"Lecture {n}")
    created_at = datetime(2026, 9, 1, tzinfo=UTC)


class ResultFactory(DjangoModelFactory):
    """A result."""

    class Meta:
        model = models.Result

    student = factory.SubFactory(StudentFactory)
    activity = factory.SubFactory(ActivityFactory, name="Lecture à voix haute")
    score = 70
    done_at = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
