"""Hand the classes and groups of a teacher who goes over to others."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from audit.actions import log_action
from classrooms.models import SchoolClass, Teaching
from classrooms.queries.handover import left_without_teacher
from people.models import Person


@transaction.atomic
def hand_over(
    *, person: Person, successors: Mapping[UUID, Person], by: Person, now: datetime, today: date
) -> int:
    """Return how many classes and groups have a new teacher from today on, by the id of each.

    Only of those that are left without anybody; one without a successor keeps its teacher, who has it again
    once the account is opened again.
    """
    done = 0
    for place in left_without_teacher(person.pk, today=today):
        successor = successors.get(place.pk)
        if successor is None:
            continue
        is_class = isinstance(place, SchoolClass)
        where: dict[str, Any] = {"school_class" if is_class else "group": place}
        Teaching.objects.filter(person=person, ends_on=None, **where).update(ends_on=today)
        Teaching.objects.get_or_create(person=successor, ends_on=None, **where, defaults={"starts_on": today})
        log_action(
            "class.handed_over" if is_class else "group.handed_over",
            by=by,
            on=place,
            at=now,
            about=[person.pk, successor.pk],
            personal={"from": person.name, "to": successor.name},
        )
        done += 1
    return done
