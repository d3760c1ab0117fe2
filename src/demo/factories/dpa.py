"""Invented deletions and rules; made inside the tenant one has entered."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from factory.declarations import LazyFunction
from factory.django import DjangoModelFactory

from dpa.models import Erasure, RetentionRule

ASKED_AT = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


class DeletionFactory(DjangoModelFactory[Erasure]):
    """A deletion that can still be undone; of nobody unless `subjects` says of whom."""

    class Meta:
        model = Erasure

    kind = "student"
    word = "controller"
    state = "requested"
    subjects = LazyFunction(lambda: [uuid4()])
    requested_at = ASKED_AT
    undo_until = ASKED_AT + timedelta(hours=12)
    due_at = ASKED_AT + timedelta(hours=24)


class RetentionRuleFactory(DjangoModelFactory[RetentionRule]):
    """A period the controller set."""

    class Meta:
        model = RetentionRule

    category = "learning"
    days = 365
    set_at = ASKED_AT
