"""Let the payments sent for an invoice flow into it, whatever order we heard of them in."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Sum

from billing.invoicing.actions.settle_invoice import put_notes, sync_invoice_state
from billing.invoicing.models import Allocation, Invoice
from billing.invoicing.queries.balances import written_off_of
from billing.payments.actions.cover_order import cover_order
from billing.payments.actions.move_share import put, release
from billing.payments.models import ClaimAllocation, Payment, Refund
from billing.payments.policy.allocation import AvailablePayment, allocate_to_invoice, allocation_changes


def auto_allocate_payments(*, invoice_id: UUID, now: datetime, today: date, because: str = "") -> Invoice:
    """Return the invoice, paid by what was sent for it: money that arrived first, a waiting cheque after.

    What a person allocated by hand stays as it is; its credit notes take what money left, and what they owe
    then pays what the same order still asks. Promises and the order follow.
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
    cover_order(invoice.order_id, now=now, today=today)
    return invoice


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
