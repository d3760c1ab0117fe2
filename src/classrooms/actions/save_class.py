"""Make and change a class or a group, its teachers and its pupils."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from audit.actions import log_action
from classrooms.actions.open_year import open_year
from classrooms.models import Group, GroupStudent, SchoolClass, Teaching
from people.models import Person


@transaction.atomic
def save_class(
    *,
    name: str,
    level: str,
    teacher_ids: Collection[UUID],
    by: Person,
    now: datetime,
    today: date,
    school_class: SchoolClass | None = None,
) -> SchoolClass:
    """Return the class, new or changed, with exactly these teachers."""
    is_new = school_class is None
    school_class = school_class or SchoolClass(year=open_year(today))
    school_class.name = name
    school_class.level = level
    school_class.save()
    set_teachers(teacher_ids, today=today, school_class=school_class)
    log_action(
        "class.created" if is_new else "class.changed",
        by=by,
        on=school_class,
        at=now,
        facts={"teachers": len(teacher_ids)},
    )
    return school_class


@transaction.atomic
def save_group(
    *,
    name: str,
    student_ids: Collection[UUID],
    teacher_ids: Collection[UUID],
    by: Person,
    now: datetime,
    today: date,
    group: Group | None = None,
) -> Group:
    """Return the group, new or changed, with exactly these pupils and teachers."""
    is_new = group is None
    group = group or Group(year=open_year(today))
    group.name = name
    group.save()
    group.members.exclude(student_id__in=student_ids).delete()
    GroupStudent.objects.bulk_create(
        (GroupStudent(group=group, student_id=pk) for pk in student_ids), ignore_conflicts=True
    )
    set_teachers(teacher_ids, today=today, group=group)
    log_action("group.created" if is_new else "group.changed", by=by, on=group, at=now, about=student_ids)
    return group


def set_teachers(person_ids: Collection[UUID], *, today: date, **place: Any) -> None:
    """Let exactly these people teach a class or a group from today on."""
    current = Teaching.objects.filter(ends_on=None, **place)
    current.exclude(person_id__in=person_ids).update(ends_on=today)
    there = set(current.values_list("person_id", flat=True))
    Teaching.objects.bulk_create(
        Teaching(person_id=pk, starts_on=today, **place) for pk in set(person_ids) - there
    )


@transaction.atomic
def delete_group(*, group: Group, by: Person, now: datetime) -> None:
    """Delete a group; its pupils stay in their classes."""
    log_action(
        "group.deleted",
        by=by,
        on=group,
        at=now,
        about=list(group.members.values_list("student_id", flat=True)),
    )
    group.delete()
