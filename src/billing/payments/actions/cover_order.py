"""Let what credit notes of an order owe pay what its other invoices still ask."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from billing.invoicing.actions.settle_invoice import sync_invoice_state
from billing.invoicing.models import Allocation, Invoice
from billing.invoicing.queries.balances import uncovered_cents
from billing.invoicing.queries.credits import notes_owed
from billing.payments.actions.move_share import put, stand_in
from billing.payments.policy.allocation import COVERS
from contracts.policy.clauses import keeps


@transaction.atomic
@keeps("LG-S5.2d")
def cover_order(order_id: UUID | None, *, now: datetime, today: date) -> int:
    """Return how many cents moved, from invoices whose credit notes owe them to others of the same order.

    A note stands where its money stood, so that every invoice is paid by its own notes and by money. Money
    that isn't credited yet stays where it is, no invoice of another order is paid so, and what was paid for
    a down payment never pays the rest that deducts it.
    """
    if order_id is None:
        return 0
    mine = Invoice.objects.filter(order=order_id, kind=Invoice.Kind.INVOICE).order_by("pk")
    asking = [each for each in mine.select_for_update(of=("self",)) if uncovered_cents(each) > 0]
    moved = 0
    for invoice in sorted(asking, key=lambda each: (each.due_on, each.created_at)):
        if cents := sum(_moves(invoice, now)):
            moved += cents
            sync_invoice_state(invoice, now=now, today=today)
    return moved


def credited_shares(invoice_id: UUID) -> list[Allocation]:
    """Return what pays an invoice with money that is there, the last that came first."""
    rows = Allocation.objects.active().filter(
        invoice=invoice_id, payment__credited_on__isnull=False, payment__bounced_on=None
    )
    return list(rows.select_related("payment", "invoice").order_by("-allocated_at", "-id"))


def _moves(invoice: Invoice, now: datetime) -> list[int]:
    """Return what each share brought that moved to an invoice, in cents."""
    asked = uncovered_cents(invoice)
    found = []
    of_the_rest = notes_owed().filter(order=invoice.order_id, corrects__is_down_payment=False)
    owing = of_the_rest.exclude(corrects=invoice)
    for note in owing.order_by("issued_on", "number"):
        owed = note.owed_cents
        for row in credited_shares(note.corrects_id):
            cents = min(owed, row.amount_cents, asked)
            if cents <= 0:
                break
            payment_id = stand_in(row, cents, note=note, reason=COVERS, by=None, now=now)
            put(payment_id=payment_id, invoice=invoice, cents=cents, by=None, now=now)
            found.append(cents)
            owed, asked = owed - cents, asked - cents
    return found
