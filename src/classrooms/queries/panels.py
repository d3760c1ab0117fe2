"""What the classroom puts on home pages and beside places."""

from typing import Any

from django.db.models import Exists, OuterRef

from classrooms.models import Guardian, ImportBatch, Observation, ObservationStudent, ReadReceipt
from classrooms.queries.annex import guardians_see
from classrooms.queries.circles import children_of, classes_seen_by, household_of
from classrooms.queries.family import observations_for_family
from classrooms.queries.lists import classes_rows
from classrooms.queries.seats import seats
from people.requests import TenantRequest


def my_classes(request: TenantRequest) -> dict[str, Any] | None:
    """Return a teacher's classes of this year and drafts; nothing for who sees the whole school."""
    if request.scope("classes.read") != "circle":
        return None
    seen = classes_seen_by(request.person, "circle").current(request.today)
    return {"classes": list(classes_rows(seen)), "drafts": drafts(request)}


def drafts(request: TenantRequest) -> int:
    """Return how many drafts somebody has."""
    return Observation.objects.filter(author_id=request.person.pk, state="draft").count()


def back_to_school(request: TenantRequest) -> dict[str, Any]:
    """Return the administrator's to-dos: imports that wait, families to invite, licences."""
    open_states = (ImportBatch.State.PREVIEW, ImportBatch.State.STOPPED)
    return {
        "seats": seats(request.tenant, request.today),
        "imports": ImportBatch.objects.filter(state__in=open_states).count(),
        "waiting": Guardian.objects.to_invite().count(),
    }


def my_household(request: TenantRequest) -> dict[str, Any] | None:
    """Return how many children the household of who asks has, of how many; nothing for who runs none."""
    household_id = household_of(request.person.pk)
    return (
        {"seats": seats(request.tenant, request.today, household_id=household_id)} if household_id else None
    )


def my_children(request: TenantRequest) -> dict[str, Any] | None:
    """Return a guardian's children, each with how much is shared and how much is new.

    Nothing for anybody else.
    """
    children = list(children_of(request.person).by_name())
    if not children:
        return None
    sight = guardians_see(request.tenant, request.today)
    rows = observations_for_family([child.pk for child in children], sight=sight)
    read = ReadReceipt.objects.filter(
        observation_id=OuterRef("observation_id"), guardian__person_id=request.person.pk
    )
    links = ObservationStudent.objects.filter(observation__in=rows, student__in=children)
    shared: dict[Any, int] = {}
    unread: dict[Any, int] = {}
    for student_id, is_read in links.values_list("student_id", Exists(read)):
        shared[student_id] = shared.get(student_id, 0) + 1
        unread[student_id] = unread.get(student_id, 0) + (not is_read)
    return {
        "children": [
            {"child": child, "shared": shared.get(child.pk, 0), "unread": unread.get(child.pk, 0)}
            for child in children
        ]
    }
