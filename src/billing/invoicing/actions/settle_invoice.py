"""Draw the consequences of money that arrived, or left again: promises, and all who hear of it."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from agenda.actions import close_obligation
from agenda.models import Obligation
from billing.invoicing.actions.finalize_invoice import LATE_CLAUSE
from billing.invoicing.actions.schedule_overdue import schedule_overdue
from billing.invoicing.actions.transmit_document import note_paid, note_unpaid
from billing.invoicing.models import Allocation, Invoice
from billing.invoicing.queries.balances import (
    balance_of,
    falls_due_on,
    is_credited,
    is_only_proved,
    last_share,
    uncovered_cents,
    written_off_of,
)
from billing.invoicing.queries.credits import owed_by
from billing.registry import announce
from contracts.policy.clauses import keeps


def announce_invoice_paid(*, invoice: Invoice, now: datetime, today: date) -> None:
    """Tell that nothing is left to pay on an invoice: nobody presses for it, its order may open."""
    announce("invoice_paid", invoice=invoice, now=now, today=today)


def announce_invoice_unpaid_again(*, invoice: Invoice, now: datetime, because: Mapping[str, str]) -> None:
    """Tell that the money of an invoice left again: an order that was about to open waits."""
    announce("invoice_unpaid_again", invoice=invoice, now=now, because=because)


def announce_invoice_credited(*, invoice: Invoice, now: datetime) -> None:
    """Tell that nothing is left to pay and nothing of it was bought: credited in full, or given up.

    Nobody presses for it, and its order opens not.
    """
    announce("invoice_credited", invoice=invoice, now=now)


def announce_share_moved(share: Allocation, *, now: datetime) -> None:
    """Tell that a share of money, or of a credit note, was put on an invoice or taken away from it."""
    announce("share_moved", share=share, now=now)


def sync_invoice_state(invoice: Invoice, *, now: datetime, today: date) -> None:
    """Settle an invoice with nothing left to pay, let one that is unpaid again wait again."""
    if balance_of(invoice.id) > 0:
        reopen_invoice(invoice=invoice, now=now, because={"unpaid": str(invoice.id)})
    elif last_share(invoice) is not None and not written_off_of(invoice) and not is_credited(invoice):
        settle_invoice(invoice=invoice, now=now, today=today)
    else:
        _close_overdue(invoice, now, {"written_off" if written_off_of(invoice) else "credited": True})
        announce_invoice_credited(invoice=invoice, now=now)


@keeps("LG-S5.2d", "LG-S8")
def settle_invoice(*, invoice: Invoice, now: datetime, today: date) -> None:
    """Close what was promised about an unpaid invoice, tell its channel and all who wait for its money.

    Killed after this commit, the opening of its order is found again by the agenda.
    """
    _close_overdue(invoice, now, {"paid": True})
    if not is_only_proved(invoice):
        note_paid(invoice=invoice, now=now)
    announce_invoice_paid(invoice=invoice, now=now, today=today)


def _close_overdue(invoice: Invoice, now: datetime, why: dict[str, bool]) -> None:
    clause = LATE_CLAUSE[invoice.customer_type]
    close_obligation(clause, kind="overdue", subject=invoice.id, now=now, evidence=why)


def reopen_invoice(*, invoice: Invoice, now: datetime, because: Mapping[str, str]) -> None:
    """Make what waits for an invoice's money wait again; does nothing while it is paid."""
    if balance_of(invoice.id) <= 0:
        return
    clause = LATE_CLAUSE[invoice.customer_type]
    if not Obligation.objects.waiting().filter(clause=clause, kind="overdue", subject_id=invoice.id).exists():
        again = once_more(clause, "overdue", invoice.id)
        schedule_overdue(invoice, due_on=falls_due_on(invoice), now=now, occurrence=again)
    note_unpaid(invoice=invoice, now=now)
    announce_invoice_unpaid_again(invoice=invoice, now=now, because=because)


def once_more(clause: str, kind: str, subject: UUID) -> str:
    """Return a name for promising the same once more: money may come, leave and come again."""
    return f"time {Obligation.objects.filter(clause=clause, kind=kind, subject_id=subject).count() + 1}"


def put_notes(invoice: Invoice, *, now: datetime) -> None:
    """Put what an invoice's credit notes still owe the client where nothing pays it, the oldest first."""
    asked = uncovered_cents(invoice)
    for note in Invoice.objects.filter(corrects=invoice).order_by("issued_on", "number"):
        if cents := min(owed_by(note), asked):
            share = Allocation.objects.create(
                credit_note=note, invoice=invoice, amount_cents=cents, allocated_at=now
            )
            announce_share_moved(share, now=now)
            asked -= cents
