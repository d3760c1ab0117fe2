"""The tables of an export: every declared model, its rows as they leave."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, Q

from audit.registry import label_of, value_label
from classrooms.models import (
    ChangesStudent,
    Enrolment,
    GroupStudent,
    Observation,
    ObservationChanges,
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
    ObservationChanges,
    ChangesStudent,
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


def narrowed(label: str, *, students: list[UUID], observations: list[UUID], with_drafts: bool = False) -> Any:
    """Return the rows of a model about these pupils, of the record these observations only.

    `with_drafts`: also what changes say of them that weren't shared yet, of whatever observation.
    """
    model = declaration(label).model
    rows = model._base_manager.all()
    if model is Student:
        return rows.filter(pk__in=students)
    if model is Observation:
        return rows.filter(pk__in=observations)
    if model in {ObservationChanges, ChangesStudent}:
        return _of_changes(model, rows, students, observations, with_drafts=with_drafts)
    if model in {ObservationCompetency, Photo}:
        return rows.filter(observation_id__in=observations)
    if model is ObservationStudent:
        return rows.filter(observation_id__in=observations, student_id__in=students)
    return rows.filter(student_id__in=students)


def _of_changes(
    model: Any, rows: Any, students: list[UUID], observations: list[UUID], *, with_drafts: bool
) -> Any:
    if model is ChangesStudent:
        mine = rows.filter(student_id__in=students)
        return mine if with_drafts else mine.filter(changes__observation_id__in=observations)
    drafted = ChangesStudent.objects.filter(student_id__in=students if with_drafts else [])
    return rows.filter(Q(observation_id__in=observations) | Q(pk__in=drafted.values("changes_id")))


def without(label: str, ids: Collection[UUID]) -> Any:
    """Return all rows of a model but those about these people."""
    one = declaration(label)
    rows = one.model._base_manager.all()
    return rows.exclude(pk__in=list(one.about(ids).values_list("pk", flat=True))) if ids else rows


def exported(label: str, rows: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a model as they leave."""
    export = declaration(label).export
    yield from export(rows) if export is not None else ()


def in_words(label: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield rows as people read them: what is stored as a code says what the screen says, in the language in
    use. Programs read the codes, in JSON.
    """
    choices: dict[str, dict[Any, Any]] = {}
    for row in rows:
        for name in row.keys() - choices.keys():
            choices[name] = choices_of(declaration(label).model, name)
        yield {name: _as_read(name, value, choices[name]) for name, value in row.items()}


def choices_of(model: type[Model], path: str) -> dict[Any, Any]:
    """Return what the codes of a column are called, by code; a column of other rows is `relation__field`.

    Empty where anything may stand there, or where the column is no field.
    """
    *relations, last = path.split("__")
    try:
        for relation in relations:
            model = model._meta.get_field(relation).related_model  # type: ignore[assignment]
        return dict(getattr(model._meta.get_field(last), "flatchoices", ()))
    except (AttributeError, FieldDoesNotExist):
        return {}


def _as_read(name: str, value: Any, choices: Mapping[Any, Any]) -> Any:
    if isinstance(value, Mapping):
        return "; ".join(f"{label_of(key)}: {_as_read(key, each, {})}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(str(_as_read(name, each, choices)) for each in value)
    if choices and value in choices:
        return str(choices[value])
    return value_label(name, value) if isinstance(value, str) else value


def as_csv(rows: Iterable[Mapping[str, Any]]) -> tuple[list[str], Iterable[list[Any]]]:
    """Return the header, from the first row, and the rows in its order."""
    found = iter(rows)
    first = next(found, None)
    if first is None:
        return [], []
    header = list(first)
    return header, ([row.get(name) for name in header] for row in chain([first], found))
