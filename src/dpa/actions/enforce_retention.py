"""Start the deletion of what has been kept as long as it may be."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from audit.actions import log_action
from classrooms.actions.remember_removals import forget_old_removals
from contracts.registry import CASCADE
from dpa.actions.request_erasure import (
    delete_guardian,
    request_person_erasure,
    request_student_erasure,
)
from dpa.gateways.rows import delete_together
from dpa.models import Erasure, RetentionRule
from dpa.queries.data_inventory import concerned
from dpa.queries.promises import retention_days
from dpa.queries.retention_due import WHOLE, RetentionDue, retention_due
from dpa.queries.subjects import subjects_of
from exports.gateways import storage
from people.actions.guard import LastAdministrator
from people.models import Person
from tenants.queries import tenant_row

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
    days = retention_days(tenant.profiles(today))
    chosen = RetentionRule.objects.filter(category=WHOLE).exists()
    due = retention_due(on=today, days=days, is_chosen=chosen)
    for student in due.pupils[:MAX_A_DAY]:
        request_student_erasure(student_ids=[student.pk], by=None, now=now, origin=Erasure.Origin.RETENTION)
    started = min(len(due.pupils), MAX_A_DAY)
    rows = sum(_erase_categories(student.pk, over, now) for student, over in due.parts)
    adults = _start_adults(due, now, most=MAX_A_DAY - started)
    removals = forget_old_removals(today=today)
    return {"pupils": started, "adults": adults, "rows": rows, "removals": removals}


def _start_adults(due: RetentionDue, now: datetime, *, most: int) -> int:
    """Return how many deletions of guardians and of staff were started, at most so many."""
    details: dict[str, Any] = {"by": None, "now": now, "origin": Erasure.Origin.RETENTION}
    started = 0
    for guardian in due.guardians[:most]:
        delete_guardian(guardian=guardian, **details)
        started += 1
    for person in due.staff:
        if started < most:
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


def _erase_categories(student_id: UUID, categories: Collection[str], now: datetime) -> int:
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
