"""Start the deletion of what has been kept as long as it may be."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from audit.actions import log_action
from classrooms.actions.remember_removals import forget_old_removals
from classrooms.models import Student
from contracts.registry import CASCADE
from dpa.actions.request_erasure import (
    delete_guardian,
    request_person_erasure,
    request_student_erasure,
)
from dpa.gateways.rows import delete_together
from dpa.models import Erasure, RetentionRule
from dpa.policy.retention import KeptDays, ends_on, quiet_days, staff_ends_on
from dpa.queries.data_inventory import concerned
from dpa.queries.promises import retention_days
from dpa.queries.subjects import subjects_of
from dpa.queries.traces import guardians_of_nobody, staff_traces
from exports.gateways import storage
from people.actions.guard import LastAdministrator
from people.models import Person
from tenants.queries import tenant_row

WHOLE = "identification"  # a pupil without a name is nobody: all the rest goes with it
MAX_A_DAY = 200  # deletions started; the next ones follow the day after


@transaction.atomic
def enforce_retention(*, now: datetime) -> dict[str, int]:
    """Return how many deletions were started, of pupils and of adults, and how many rows were erased.

    And how many removals were forgotten, which are remembered for seven months.

    Whoever left, or of whom nothing was recorded any more, is deleted when the period for names is over;
    learning data and the like may go earlier, where the controller set a shorter period for them. A guardian
    stays as long as a pupil they look after, and goes without waiting once there is none.
    """
    tenant = tenant_row()
    today = tenant.today(now)
    ended = tenant.today(tenant.ended_at) if tenant.ended_at else None
    days = retention_days(tenant.profiles(today))
    started = rows = 0
    for student in _quiet(today, min(days.values())):
        if started == MAX_A_DAY:
            break
        over = {c for c, kept in days.items() if _is_over(student, ended, kept, today)}
        if WHOLE in over:
            if not Erasure.objects.open().about([student.pk]).exists():
                request_student_erasure(
                    student_ids=[student.pk], by=None, now=now, origin=Erasure.Origin.RETENTION
                )
                started += 1
        elif over:
            rows += _erase_categories(student.pk, over, now)
    chosen = RetentionRule.objects.filter(category=WHOLE).exists()
    kept = KeptDays(days[WHOLE], quiet=quiet_days(days[WHOLE], is_chosen=chosen))
    adults = _start_adults(today, ended, kept, now, most=MAX_A_DAY - started)
    removals = forget_old_removals(today=today)
    return {"pupils": started, "adults": adults, "rows": rows, "removals": removals}


def _start_adults(today: date, ended: date | None, kept: KeptDays, now: datetime, *, most: int) -> int:
    """Return how many deletions of guardians and of staff were started, at most so many."""
    details: dict[str, Any] = {"by": None, "now": now, "origin": Erasure.Origin.RETENTION}
    started = 0
    for guardian in guardians_of_nobody():
        if started < most:
            delete_guardian(guardian=guardian, **details)
            started += 1
    for person, left_on, last_trace_on in staff_traces(today):
        end = staff_ends_on(left_on=left_on, last_trace_on=last_trace_on, ended_on=ended, kept=kept)
        if started < most and end is not None and today >= end:
            started += _started(person, details)
    return started


def _started(person: Person, details: dict[str, Any]) -> bool:
    """Return whether a deletion was started: the last administrator stays as long as the place."""
    try:
        with transaction.atomic():
            request_person_erasure(person=person, **details)
    except LastAdministrator:
        return False
    return True


def _quiet(today: date, days: int) -> list[Student]:
    """Return the pupils with a last trace, of whom the shortest period might be over; the oldest first."""
    rows = Student.objects.annotate(seen=Max("observations__observed_on"), scored=Max("results__done_at"))
    return [
        s for s in rows.order_by("created_at", "pk") if (today - _last_trace(s)).days >= days or s.left_on
    ]


def _last_trace(student: Any) -> date:
    seen: date | None = student.seen
    scored: date | None = student.scored.date() if student.scored else None
    begun: date = student.created_at.date()
    return max(trace for trace in (begun, seen, scored) if trace)


def _is_over(student: Student, ended: date | None, days: int, today: date) -> bool:
    end = ends_on(left_on=student.left_on, last_trace_on=_last_trace(student), ended_on=ended, days=days)
    return end is not None and today >= end


def _erase_categories(student_id: UUID, categories: set[str], now: datetime) -> int:
    subjects = subjects_of([student_id])
    found = [one for one in concerned(subjects) if str(one.category) in categories and one.erase is CASCADE]
    gone = 0
    for went in delete_together(found, subjects.ids):
        gone = gone + went.count
        files = went.files
        transaction.on_commit(lambda files=files: storage.delete(files))  # type: ignore[misc]
    if gone:
        log_action(
            "retention.enforced", by=None, on=student_id, at=now, facts={"rows": gone}, about=[student_id]
        )
    return gone
