"""Keep on the agenda the days on which something is to be done, and no other."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from agenda.actions import close_obligation, open_obligation
from agenda.models import Obligation
from agenda.policy.spans import START_OF_DAY
from billing.money.policy.days import paris_day, within_day


def promise_days(
    clause: str,
    *,
    kind: str,
    subject: UUID,
    days: Collection[date],
    now: datetime,
    why: Mapping[str, Any],
    opens: time = START_OF_DAY,
    keeps_others: bool = False,
    tenant_id: UUID | None = None,
) -> None:
    """Promise these days and drop the others that wait, for this reason; a day promised already stays."""
    known = Obligation.objects.filter(clause=clause, kind=kind, subject_id=subject)
    waiting = {_day_of(row): row for row in known.waiting()}
    dropped = [] if keeps_others else [row for day, row in waiting.items() if day not in days]
    for row in dropped:
        close_obligation(
            clause, kind=kind, subject=subject, now=now, occurrence=row.occurrence, evidence=dict(why)
        )
    for day in sorted(set(days) - waiting.keys()):
        before = known.filter(occurrence__startswith=str(day)).count()
        open_obligation(
            clause,
            kind=kind,
            subject=subject,
            **within_day(day, now=now, opens=opens),
            now=now,
            occurrence=f"{day} {before + 1}" if before else str(day),
            tenant_id=tenant_id,
        )


def _day_of(row: Obligation) -> date:
    """Return the day a promise is for; one that was named otherwise, the day it was due."""
    try:
        return date.fromisoformat(row.occurrence.split(" ")[0])
    except ValueError:
        return paris_day(row.due_at - timedelta(microseconds=1))
