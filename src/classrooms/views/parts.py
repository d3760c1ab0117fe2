"""What the pages of the classroom have in common."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from classrooms.models import Observation, SchoolClass, Student
from classrooms.models.students import StudentQuerySet
from classrooms.queries.circles import (
    classes_seen_by,
    leaving_seen_by,
    observations_seen_by,
    students_seen_by,
)
from isolation.policy.guards import guards
from people.actions.deactivate_person import BeingDeleted
from people.requests import TenantRequest


def student_of(request: TenantRequest, pk: UUID, permission: str = "students.read") -> Student:
    """Return a pupil within someone's reach; any other doesn't exist.

    Who would change something about a pupil of theirs who is being deleted is told so: BeingDeleted.
    """
    scope = request.scope(permission)
    student = students_seen_by(request.person, scope).filter(pk=pk).first()
    if student is None and permission != "students.read":
        tell_who_is_leaving(leaving_seen_by(request.person, scope).filter(pk=pk))
    return student or get_object_or_404(Student.objects.none())


def tell_who_is_leaving(students: StudentQuerySet) -> None:
    """Raise BeingDeleted where one of these pupils is being deleted, or frozen."""
    going = students.first()
    if going is not None:
        raise BeingDeleted(going.pk, going.full_name, is_frozen=going.frozen_at is not None)


def class_of(request: TenantRequest, pk: UUID, permission: str = "classes.read") -> SchoolClass:
    """Return a class within someone's reach; any other doesn't exist."""
    rows = classes_seen_by(request.person, request.scope(permission)).select_related("year")
    return get_object_or_404(rows, pk=pk)


def observation_of(request: TenantRequest, pk: UUID, permission: str = "record.read") -> Observation:
    """Return an observation someone may read; any other doesn't exist."""
    return get_object_or_404(observations_seen_by(request.person, request.scope(permission)), pk=pk)


@guards("own")
def own_observation(request: TenantRequest, pk: UUID) -> Observation:
    """Return an observation someone may change.

    Their own, or any that isn't a draft when everyone's are theirs.
    """
    rows = observations_seen_by(request.person, request.scope("record.write"))
    if request.scope("record.write") != "all":
        rows = rows.filter(author_id=request.person.pk)
    return get_object_or_404(rows, pk=pk)


def done(request: TenantRequest, words: str, to: str, *args: Any) -> HttpResponse:
    """Return the way to a page, with what was done said on it."""
    messages.success(request, words)
    return redirect(to, *args)


def problem(request: TenantRequest, words: str, to: str, *args: Any) -> HttpResponse:
    """Return the way to a page, with what couldn't be done and what to do next said on it."""
    messages.error(request, words)
    return redirect(to, *args)


def uuids(texts: Iterable[str]) -> list[UUID]:
    """Return the ids among what a form sent; anything else is none."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
