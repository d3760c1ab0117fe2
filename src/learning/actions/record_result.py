"""Enter a result, take one back."""

from datetime import datetime

from django.db import transaction

from audit.actions import log_action
from classrooms.models import Student
from learning.models import Activity, Result
from people.models import Person


@transaction.atomic
def record_result(
    *,
    student: Student,
    activity: Activity | None,
    new_activity: str,
    score: int,
    done_at: datetime,
    by: Person,
    now: datetime,
) -> Result:
    """Return the result; an activity nobody had is made."""
    if activity is None:
        activity, _ = Activity.objects.get_or_create(name=new_activity.strip(), defaults={"created_at": now})
    result = Result.objects.create(
        student=student, activity=activity, score=score, done_at=done_at, entered_by=by
    )
    log_action(
        "result.entered", by=by, on=result, at=now, about=[student.pk], facts={"activity": str(activity.pk)}
    )
    return result


@transaction.atomic
def delete_result(*, result: Result, by: Person, now: datetime) -> None:
    """Take a result back; its score stays in the audit trail's erasable part."""
    log_action(
        "result.deleted",
        by=by,
        on=result,
        at=now,
        about=[result.student_id],
        personal={"score": result.score},
    )
    result.delete()
