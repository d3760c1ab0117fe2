"""The tables of an export: every declared model, its rows as they leave."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any
from uuid import UUID

from classrooms.models import (
    Enrolment,
    GroupStudent,
    Observation,
    ObservationCompetency,
    ObservationStudent,
    Photo,
    Student,
)
from contracts.registry import Declaration, declarations
from learning.models import Result

_PUPILS = (
    Student,
    Enrolment,
    GroupStudent,
    Observation,
    ObservationCompetency,
    ObservationStudent,
    Photo,
    Result,
)


def personal_data_models() -> list[str]:
    """Return the names of all models whose rows leave in an export."""
    return [one.label for one in declarations() if one.export is not None]


def of_students() -> list[str]:
    """Return the names of the models that say what pupils do.

    All that someone who teaches them takes along.
    """
    return [model._meta.label for model in _PUPILS]


def declaration(label: str) -> Declaration:
    """Return the declaration of a model by its name. Raises KeyError."""
    return {one.label: one for one in declarations()}[label]


def narrowed(label: str, *, students: list[UUID], observations: list[UUID]) -> Any:
    """Return the rows of a model about these pupils, of the record these observations only."""
    model = declaration(label).model
    rows = model._base_manager.all()
    if model is Student:
        return rows.filter(pk__in=students)
    if model is Observation:
        return rows.filter(pk__in=observations)
    if model in {ObservationCompetency, Photo}:
        return rows.filter(observation_id__in=observations)
    if model is ObservationStudent:
        return rows.filter(observation_id__in=observations, student_id__in=students)
    return rows.filter(student_id__in=students)


def without(label: str, ids: Collection[UUID]) -> Any:
    """Return all rows of a model but those about these people."""
    one = declaration(label)
    rows = one.model._base_manager.all()
    return rows.exclude(pk__in=list(one.about(ids).values_list("pk", flat=True))) if ids else rows


def exported(label: str, rows: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a model as they leave."""
    export = declaration(label).export
    yield from export(rows) if export is not None else ()


def as_csv(rows: Iterable[Mapping[str, Any]]) -> tuple[list[str], Iterable[list[Any]]]:
    """Return the header, from the first row, and the rows in its order."""
    found = iter(rows)
    first = next(found, None)
    if first is None:
        return [], []
    header = list(first)
    return header, ([row.get(name) for name in header] for row in chain([first], found))
