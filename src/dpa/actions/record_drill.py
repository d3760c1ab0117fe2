"""Owe a restore drill every month, and write down that one was done."""

from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from agenda.actions import enqueue_message, open_obligation
from agenda.models import Obligation
from audit.actions import log_action
from audit.policy.actor import Actor
from contracts.policy.clauses import keeps
from dpa.actions.back_up import BACKUPS, CLAUSE
from dpa.models import RestoreDrill
from dpa.policy.rotation import drill_clock
from isolation.context import inside_operator

DRILL = "drill"


@keeps("LG-DCb")
def owe_drill(*, now: datetime) -> None:
    """Owe this month's drill, once, where the installation makes its backups itself. As the operator."""
    if not settings.BACKUP_DIR:
        return
    clock = drill_clock(now.astimezone(UTC).date())
    open_obligation(
        CLAUSE,
        kind=DRILL,
        subject=BACKUPS,
        occurrence=clock.month,
        run_at=max(now, clock.begins_at),
        due_at=clock.due_at,
        now=now,
    )


def promise_drill(now: datetime) -> None:
    """Promise this month's drill; as often as wanted."""
    with inside_operator():
        owe_drill(now=now)


@transaction.atomic
@keeps("LG-DCb")
def record_drill(
    *, backup: str, done_on: date, worked: bool, by: Actor | None, now: datetime, **found: Any
) -> RestoreDrill:
    """Return the drill, written down. As the operator.

    `found` is how many tenants came back, how many erasures were done again, and notes.
    """
    drill = RestoreDrill.objects.create(
        backup=backup,
        done_on=done_on,
        worked=worked,
        recorded_by=by.id if by else None,
        recorded_at=now,
        **found,
    )
    facts = {"name": backup, "day": done_on.isoformat(), "worked": worked, "tenants": drill.tenants}
    log_action("backup.drilled", by=by, on=BACKUPS, at=now, facts=facts)
    month = drill_clock(done_on).month
    waiting = Obligation.objects.waiting().filter(clause=CLAUSE, kind=DRILL, occurrence=month)
    waiting.update(run_at=now)
    return drill


def remind_of_drill(*, month: str, now: datetime) -> str:
    """Return the key of the reminder that a month's drill is still to be done. As the operator."""
    key = f"backup-drill-{month}"
    enqueue_message("dpa/drill_waits", ids={"month": month}, now=now, key=key)
    return key
