"""Whom and what a person sees: rights, times their own circle."""

from typing import Any

from classrooms.models import Group, Observation, SchoolClass, Student
from classrooms.models.students import StudentQuerySet
from classrooms.models.years import SchoolClassQuerySet


def students_seen_by(person: Any, reach: str | None) -> StudentQuerySet:
    """Return the pupils someone sees: all, those of their classes and groups, or nobody."""
    if reach == "all":
        return Student.objects.all()
    return Student.objects.taught_by(person.pk) if reach == "circle" else Student.objects.none()


def classes_seen_by(person: Any, reach: str | None) -> SchoolClassQuerySet:
    """Return the classes someone sees."""
    if reach == "all":
        return SchoolClass.objects.all()
    return SchoolClass.objects.taught_by(person.pk) if reach == "circle" else SchoolClass.objects.none()


def groups_seen_by(person: Any, reach: str | None) -> Any:
    """Return the groups someone sees."""
    if reach == "all":
        return Group.objects.all()
    taught = Group.objects.filter(teachings__person_id=person.pk, teachings__ends_on=None)
    return taught if reach == "circle" else Group.objects.none()


def observations_seen_by(person: Any, reach: str | None) -> Any:
    """Return the observations someone sees: their own, and those about their pupils that are no longer drafts."""
    if reach is None:
        return Observation.objects.none()
    return Observation.objects.written_by_or_of(person.pk, students_seen_by(person, reach))


def children_of(person: Any) -> StudentQuerySet:
    """Return the active pupils someone is the guardian of."""
    return Student.objects.active().children_of(person.pk)
