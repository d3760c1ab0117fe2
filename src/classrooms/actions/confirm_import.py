"""Say yes to an import, or give it up."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from agenda.actions import close_obligation, open_obligation
from agenda.loop import wake_worker
from audit.actions import log_action
from classrooms.actions.take_seats import take_seats
from classrooms.models import ImportBatch
from classrooms.policy.plan import NEW, Plan
from classrooms.queries.imports import as_counts, back_of, plan_of, refusals_of
from people.models import Person
from tenants.models import Tenant

SOON = timedelta(minutes=15)


class AlreadyConfirmed(Exception):
    """Raised when an import isn't waiting for a word any more."""


class NothingToImport(Exception):
    """Raised when applying would change nothing."""


class PlanChanged(Exception):
    """Raised when what would be done isn't what the person was shown."""


class NoSuchChoice(Exception):
    """Raised when a choice isn't one of those offered for a line."""


@transaction.atomic
def confirm_import(
    *, batch_id: UUID, tenant: Tenant, by: Person, now: datetime, today: date, shown: str | None = None
) -> ImportBatch:
    """Return the import, to be applied at once in the background exactly as it was shown.

    `shown` is the fingerprint of the plan the person saw.
    Raises AlreadyConfirmed, NothingToImport, PlanChanged, LicencesUsedUp.
    """
    batch = _open(batch_id)
    plan = plan_of(batch, today=today)
    if shown is not None and shown != plan.fingerprint():
        raise PlanChanged
    if not (plan.created or plan.changed):
        raise NothingToImport
    take_seats(adding=plan.adding, tenant=tenant, today=today)
    batch.state = ImportBatch.State.WAITING
    batch.agreed = plan.fingerprint()
    batch.confirmed_by = by
    batch.reason = ""
    batch.counts = as_counts(plan, refusals_of(batch))
    batch.save(update_fields=["state", "agreed", "confirmed_by", "reason", "counts"])
    log_action("import.confirmed", by=by, on=batch, at=now, facts=dict(batch.counts))
    open_obligation(
        "LG-U3.1o",
        kind="import",
        subject=batch.pk,
        occurrence=now.isoformat(),
        due_at=now + SOON,
        run_at=now,
        now=now,
    )
    wake_worker()
    return batch


@transaction.atomic
def choose(*, batch_id: UUID, line: int, choice: str, by: Person, now: datetime, today: date) -> Plan:
    """Return what the import would do once a line means this pupil (an id) or a new one ("new").

    Raises AlreadyConfirmed; NoSuchChoice when it isn't one of those offered.
    """
    batch = _open(batch_id)
    plan = plan_of(batch, today=today)
    offered = {
        NEW,
        *(str(pupil.id) for doubt in plan.ambiguous if doubt.row.line == line for pupil in doubt.candidates),
    }
    offered |= {str(pupil.id) for new in plan.created if new.row.line == line for pupil in new.alike}
    if choice not in offered:
        raise NoSuchChoice(choice)
    batch.choices = {**batch.choices, str(line): choice}
    batch.save(update_fields=["choices"])
    log_action("import.chosen", by=by, on=batch, at=now, facts={"line": line})
    return plan_of(batch, today=today)


@transaction.atomic
def bring_back(
    *, batch_id: UUID, line: int, email: str, is_back: bool, by: Person, now: datetime, today: date
) -> Plan:
    """Return what the import would do once somebody who was removed comes back all the same, or stays out.

    The pupil of a line, or with an address that guardian of theirs. Raises AlreadyConfirmed; NoSuchChoice
    where nothing is asked about them.
    """
    batch = _open(batch_id)
    asked = {(one.row.line, one.email): one.removed for one in plan_of(batch, today=today).asked}
    removed = asked.get((line, email))
    if removed is None:
        raise NoSuchChoice(line)
    chosen = back_of(batch) - {(line, email)} | ({(line, email)} if is_back else set())
    batch.brought_back = sorted(chosen)
    batch.save(update_fields=["brought_back"])
    log_action(
        "import.brought_back" if is_back else "import.left_out",
        by=by,
        on=batch,
        at=now,
        facts={
            "line": line,
            "who": "guardian" if email else "student",
            "removed_on": removed.removed_on.isoformat(),
            "reason": removed.reason,
        },
    )
    return plan_of(batch, today=today)


@transaction.atomic
def give_up(*, batch_id: UUID, by: Person, now: datetime) -> ImportBatch:
    """Return the import, closed without having done anything; its rows are forgotten.

    One that was confirmed too, as long as it isn't applied: whatever keeps it waiting. Raises
    AlreadyConfirmed.
    """
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch_id)
    if not (batch.is_open or batch.state == ImportBatch.State.WAITING):
        raise AlreadyConfirmed(batch.state)
    batch.forget_rows()
    batch.state = ImportBatch.State.GIVEN_UP
    batch.save()
    close_obligation("LG-DBs", kind="import-forgotten", subject=batch.pk, now=now)
    close_obligation("LG-U3.1o", kind="import", subject=batch.pk, now=now)
    log_action("import.given_up", by=by, on=batch, at=now)
    return batch


def _open(batch_id: UUID) -> ImportBatch:
    batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
    if not batch.is_open:
        raise AlreadyConfirmed(batch.state)
    return batch
