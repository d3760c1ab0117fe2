"""Keep somebody's data beyond its period, for a dispute or the law, until a day; or no longer."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from audit.actions import log_action
from contracts.policy.clauses import keeps
from dpa.models import Hold
from dpa.policy.retention import check_hold
from dpa.queries.subjects import subjects_of
from people.models import Person
from tenants.queries import tenant_row


class LiftedAlready(Exception):
    """Raised when a hold holds nothing any more."""


@transaction.atomic
@keeps("LG-D5")
def hold_data(
    *, subjects: Collection[UUID], ground: str, reason: str, ends_on: date, by: Person, now: datetime
) -> Hold:
    """Return the hold: no retention period takes these people's data before its day.

    Raises NobodyHeld, HeldInThePast.
    """
    check_hold(count=len(subjects), ends_on=ends_on, today=tenant_row().today(now))
    ids = subjects_of(list(subjects)).ids
    hold = Hold.objects.create(
        subjects=list(ids), ground=ground, reason=reason, ends_on=ends_on, placed_at=now, placed_by=by.pk
    )
    facts = {"ground": ground, "ends_on": ends_on.isoformat()}
    log_action("hold.placed", by=by, on=hold, at=now, facts=facts, personal={"reason": reason}, about=ids)
    return hold


@transaction.atomic
@keeps("LG-D5")
def lift_hold(*, hold: Hold, by: Person, now: datetime) -> Hold:
    """Return the hold, lifted: periods count as if it had never been. Raises LiftedAlready."""
    row = Hold.objects.select_for_update().get(pk=hold.pk)
    if row.lifted_at is not None:
        raise LiftedAlready
    row.lift(by=by, at=now)
    log_action("hold.lifted", by=by, on=row, at=now, about=row.subjects)
    return row
