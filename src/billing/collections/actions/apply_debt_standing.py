"""Bring the rows about a debt to what stands: every event and every keeper calls this, none reacts alone."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from billing.collections.actions.access import close_access, drop_cause, reopen_access
from billing.collections.actions.correct_claims import correct_claims
from billing.collections.actions.promises import promise_days
from billing.collections.actions.tell_debt_moved import tell_debt_moved
from billing.collections.models import Suspension
from billing.collections.policy.standing import Debt, is_void
from billing.collections.queries.standing import Case, Stands, notice_of, stands
from billing.invoicing.actions.finalize_invoice import LATE_CLAUSE
from billing.invoicing.actions.schedule_overdue import schedule_overdue
from billing.invoicing.actions.settle_invoice import once_more
from billing.invoicing.models import Invoice
from billing.money.policy.days import OFFICE_OPENS, paris_day
from contracts.policy.clauses import keeps


@transaction.atomic
@keeps("LG-S19", "LG-S6.3d", "MC-4")
def apply_debt_standing(*, invoice_id: UUID, now: datetime) -> Stands:
    """Return what stands about an invoice now, after its rows were brought to it.

    Reminders, the warning, the day access stops, access itself. As often as wanted.
    """
    invoice = Invoice.objects.select_for_update(of=("self",)).select_related("customer").get(pk=invoice_id)
    today = paris_day(now)
    correct_claims(invoice=invoice, now=now)
    rows = _rows_of(invoice)
    for row in rows:
        _note_refused(row, now)
    found = stands(invoice, today=today)
    _promise(invoice, found, now)
    dropped = [row for row in rows if not _still_stands(row, found.debt, today)]
    for row in dropped:
        drop_cause(row, by=None, now=now)
    for case in found.cases:
        if case.row is not None and case.row not in dropped:
            _follow(case.row, case, now)
    for row in _one_a_tenant(dropped):
        reopen_access(lifted=row, by=None, now=now)
    _look_again(invoice, found.debt, today, now)
    tell_debt_moved(invoice.customer_id, now=now)
    return found


def _rows_of(invoice: Invoice) -> list[Suspension]:
    return list(Suspension.objects.select_for_update().filter(invoice=invoice, lifted_at=None))


def _note_refused(row: Suspension, now: datetime) -> None:
    """Keep that nobody could be sent the warning: it counts as little as one that bounced."""
    if row.bounced_at is None and not row.at_once and notice_of(row).bounced:
        row.mark_bounced(at=now)


def _still_stands(row: Suspension, debt: Debt, today: date) -> bool:
    """Return whether a warning, or the suspension after it, is about what is overdue today.

    One that failed is kept with its day while it is, so that the next one leaves after it.
    """
    if not debt.is_overdue(today):
        return False
    return row.at_once or row.bounced_at is not None or not is_void(notice_of(row), due_on=debt.due_on)


def _follow(row: Suspension, case: Case, now: datetime) -> None:
    """Stop access on its day, or promise it for that day."""
    if row.suspended_at is None:
        stop_on_its_day(row, case.standing.suspends_on, now=now)


def stop_on_its_day(row: Suspension, day: date | None, *, now: datetime) -> None:
    """Stop access for a cause if its day has come, else promise it for that day and no other.

    None: no clock runs.
    """
    if day is not None and day <= paris_day(now):
        close_access(row, by=None, now=now)
        return
    promise_days(
        "LG-S19",
        kind="suspend",
        subject=row.id,
        days=[day] if day else [],
        now=now,
        why={"stops_on": str(day)},
        tenant_id=row.tenant_id,
    )


def _promise(invoice: Invoice, found: Stands, now: datetime) -> None:
    """Promise the reminders and the warning that are owed, and drop the others."""
    why = {"left_cents": found.debt.left_cents, "due_on": str(found.debt.due_on)}
    about: dict[str, Any] = {"subject": invoice.id, "now": now, "why": why, "opens": OFFICE_OPENS}
    clause = LATE_CLAUSE[invoice.customer_type]
    promise_days(clause, kind="reminder", days=found.reminders, **about)
    on_its_way = any(case.row for case in found.cases)  # its keeper says when it left
    days = found.warning_days
    promise_days("LG-S19", kind="suspension-notice", days=days, keeps_others=on_its_way, **about)


def _one_a_tenant(rows: Iterable[Suspension]) -> Iterable[Suspension]:
    return {(row.tenant_id, row.customer_id): row for row in rows if row.suspended_at}.values()


def _look_again(invoice: Invoice, debt: Debt, today: date, now: datetime) -> None:
    """Promise to look again on the first day on which it is overdue, wherever that day has moved since."""
    last_day = debt.last_day(today)
    if debt.left_cents > 0 and today <= last_day < date.max:
        again = once_more(LATE_CLAUSE[invoice.customer_type], "overdue", invoice.id)
        schedule_overdue(invoice, due_on=last_day, now=now, occurrence=again)
