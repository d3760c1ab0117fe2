"""Lists: classes, groups, pupils, families."""

from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    FilteredRelation,
    Max,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
)

from classrooms.models import Guardian, Guardianship, ReadReceipt, Student, Teaching
from classrooms.models.ordering import NameKey, by_name
from classrooms.models.students import StudentQuerySet, is_here
from classrooms.policy.levels import CYCLES

PUPIL_SORTS = {
    "name": by_name(),
    "-name": (NameKey("last_name").desc(), NameKey("first_name").desc(), F("id")),
    "class": (F("class_name").asc(nulls_last=True), *by_name()),
    "-class": (F("class_name").desc(nulls_last=True), *by_name()),
    "age": (F("birth_on").desc(), *by_name()),
    "-age": (F("birth_on"), *by_name()),
}


BY_LEVEL = Case(
    *(When(level__startswith=level, then=Value(i)) for i, level in enumerate(CYCLES)), default=Value(99)
)


def classes_rows(classes: Any) -> Any:
    """Return classes, the youngest first, with `pupils` (how many) and `current` teachings.

    Two statements.
    """
    teachers = Prefetch(
        "teachings", Teaching.objects.filter(ends_on=None).select_related("person"), to_attr="current"
    )
    pupils = Count(
        "enrolments", filter=Q(enrolments__ends_on=None) & is_here("enrolments__student__"), distinct=True
    )
    return (
        classes.annotate(pupils=pupils)
        .select_related("year")
        .prefetch_related(teachers)
        .order_by(BY_LEVEL, NameKey("name"), "id")
    )


def groups_rows(groups: Any) -> Any:
    """Return groups with `pupils` (how many) and `current` teachings."""
    teachers = Prefetch(
        "teachings", Teaching.objects.filter(ends_on=None).select_related("person"), to_attr="current"
    )
    return (
        groups.annotate(pupils=Count("members", filter=is_here("members__student__"), distinct=True))
        .prefetch_related(teachers)
        .order_by(NameKey("name"), "id")
    )


def with_class(students: StudentQuerySet) -> StudentQuerySet:
    """Return pupils with `class_id` and `class_name`, those of the class they are in."""
    rows = students.annotate(now_in=FilteredRelation("enrolments", condition=Q(enrolments__ends_on=None)))
    return rows.annotate(class_id=F("now_in__school_class_id"), class_name=F("now_in__school_class__name"))


def student_rows(
    students: StudentQuerySet, *, words: str = "", sort: str = "name", left: bool = False
) -> StudentQuerySet:
    """Return the pupils a list shows, one statement; `left` shows those who have gone instead."""
    rows = students.exclude(left_on=None) if left else students.active()
    rows = rows.named(words) if words else rows
    return with_class(rows).order_by(*PUPIL_SORTS.get(sort, PUPIL_SORTS["name"]))


def family_rows(*, words: str = "", state: str = "") -> Any:
    """Return guardians with their `children` who are here, two statements; state: waiting, invited, joined.

    Who has no child here any more is in the list of all, and waits for nothing.
    """
    there = Guardianship.objects.filter(is_here("student__")).select_related("student")
    children = Prefetch("guardianships", there, to_attr="children")
    read = ReadReceipt.objects.filter(guardian=OuterRef("pk")).order_by().values("guardian")
    last = Subquery(read.annotate(last=Max("read_at")).values("last"))  # asked of the rows shown, not of all
    rows = Guardian.objects.prefetch_related(children).annotate(last_read_at=last)
    if words:
        pupils = Student.objects.named(words)
        rows = rows.filter(
            Q(email__icontains=words)
            | Q(pk__in=Guardianship.objects.filter(student__in=pupils).values("guardian"))
        )
    states = {
        "waiting": rows.to_invite(),
        "invited": rows.filter(person=None).exclude(invited_at=None),
        "joined": rows.exclude(person=None),
    }
    return states.get(state, rows).order_by("email", "id")
