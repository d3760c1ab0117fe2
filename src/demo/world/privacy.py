"""Somebody left: pupils deleted days ago, whose certificate is there, and one who can still come back."""

from datetime import timedelta

from classrooms.models import SchoolClass, Student
from demo.world.cast import HEADS
from demo.world.days import Days
from demo.world.school import person, tenant_of
from dpa.actions.request_erasure import request_student_erasure
from isolation.context import inside


def delete_somebody(days: Days) -> None:
    """Let the head delete one pupil fifteen hours before today's start, and another an hour before it."""
    head = HEADS[0]
    with inside(tenant_of(head.where)):
        by = person(head)
        last_class = SchoolClass.objects.get(name="CM2 Hêtre")
        pupils = list(Student.objects.filter(enrolments__school_class=last_class).by_name()[:2])
        for pupil, hours in zip(pupils, (15, 1), strict=True):
            request_student_erasure(student_ids=[pupil.pk], by=by, now=days.now - timedelta(hours=hours))
