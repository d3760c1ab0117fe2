"""Invented exports; made inside the tenant one has entered."""

from datetime import UTC, datetime

from factory.declarations import SubFactory
from factory.django import DjangoModelFactory

from demo.factories.people import PersonFactory
from exports.models import ExportJob


class ExportJobFactory(DjangoModelFactory[ExportJob]):
    """An export somebody asked for, not begun."""

    class Meta:
        model = ExportJob

    kind = "school"
    requested_by = SubFactory(PersonFactory)
    requested_at = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
