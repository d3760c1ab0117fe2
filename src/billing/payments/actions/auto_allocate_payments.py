"""Let the payments sent for an invoice flow into it, whatever order we heard of them in."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Sum

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.invoicing.actions.settle_invoice import announce_share_moved, put_notes, sync_invoice_state
from billing.invoicing.models import Allocation, Invoice
from billing.invoicing.queries.balances import written_off_of
from billing.payments.models import ClaimAllocation, Payment, Refund
from billing.payments.policy.allocation import AvailablePayment, allocate_to_invoice, allocation_changes


def auto_allocate_payments(*, invoice_id: UUID, now: datetime, today: date, because: str = "") -> Invoice:
    """Return the invoice, paid by what was sent for it: money that arrived first, a waiting cheque after.

    What a person allocated by hand stays as it is; its credit notes take what money left. Promises and the
    order follow.
    """
    invoice = Invoice.objects.select_for_update(of=("self",)).get(pk=invoice_id)
    put_notes(invoice, now=now)
    payments = list(_sent_for(invoice).select_for_update(of=("self",)))
    mine = {payment.id for payment in payments}
    standing = list(Allocation.objects.active().filter(invoice=invoice))
    fixed = sum(row.amount_cents for row in standing if row.payment_id not in mine)
    fixed += written_off_of(invoice)
    held = {str(row.payment_id): row for row in standing if row.payment_id in mine}
    wanted = allocate_to_invoice(invoice.gross_cents - fixed, _claims(invoice, payments))
    ended, begun = allocation_changes({key: row.amount_cents for key, row in held.items()}, wanted)
    for key in ended:
        release(held[key], reason=because or "shared out again", by=None, now=now)
    for share in begun:
        put(payment_id=UUID(share.key), invoice=invoice, cents=share.cents, by=None, now=now)
    sync_invoice_state(invoice, now=now, today=today)
    return invoice


def put(*, payment_id: UUID, invoice: Invoice, cents: int, by: Actor | None, now: datetime) -> Allocation:
    """Return a new share of a payment in an invoice; the database refuses more than either holds."""
    row = Allocation.objects.create(
        payment_id=payment_id, invoice=invoice, amount_cents=cents, allocated_at=now
    )
    facts = {"amount_cents": cents, "invoice": invoice.number}
    log_action("payment.allocated", by=by, on=payment_id, at=now, facts=facts)
    announce_share_moved(row, now=now)
    return row


def release(row: Allocation, *, reason: str, by: Actor | None, now: datetime) -> None:
    """End a share: it pays nothing from now on, and says why."""
    assert row.payment_id is not None, "a credit note's share is never released"
    Allocation.objects.filter(pk=row.pk, released_at=None).update(
        released_at=now, release_reason=reason[:300]
    )
    facts = {"amount_cents": row.amount_cents, "invoice_id": str(row.invoice_id)}
    log_action("payment.released", by=by, on=row.payment_id, at=now, facts=facts, personal={"reason": reason})
    announce_share_moved(row, now=now)


def _sent_for(invoice: Invoice) -> Any:
    rows = Payment.objects.filter(meant_for=invoice, bounced_on=None)
    return rows.order_by("received_on", "created_at", "id")


def _claims(invoice: Invoice, payments: Iterable[Payment]) -> list[AvailablePayment]:
    ids = [payment.id for payment in payments]
    elsewhere = _sums(Allocation.objects.active().filter(payment__in=ids).exclude(invoice=invoice))
    on_claims = _sums(ClaimAllocation.objects.active().filter(payment__in=ids))
    given_back = _sums(Refund.objects.within().filter(payment__in=ids))
    settling = Refund.objects.active().filter(settled_by__in=ids).order_by().values_list("settled_by")
    made_good = dict(settling.annotate(total=Sum("amount_cents")))
    used = (elsewhere, on_claims, given_back, made_good)
    return [
        AvailablePayment(
            str(payment.id),
            max(0, payment.amount_cents - sum(each.get(payment.id, 0) for each in used)),
            payment.has_arrived,
        )
        for payment in payments
    ]


def _sums(rows: Any) -> dict[UUID, int]:
    return dict(rows.order_by().values_list("payment_id").annotate(total=Sum("amount_cents")))
