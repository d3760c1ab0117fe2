"""Take a payment back that the bank refused: the invoice is unpaid again."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from agenda.actions import close_obligation, enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.invoicing.actions.settle_invoice import reopen_invoice
from billing.money.actions.check_period_open import check_period_open
from billing.money.policy.days import paris_day
from billing.payments.actions.allocate_to_claim import release_from_claim
from billing.payments.actions.announce_money import announce_payment_moved
from billing.payments.actions.auto_allocate_payments import auto_allocate_payments
from billing.payments.actions.move_share import release
from billing.payments.actions.refund_payment import drop_refunds
from billing.payments.models import Payment
from billing.payments.policy.states import PAYMENT
from billing.payments.queries.money import invoices_of
from billing.payments.queries.payer import payer_of_payment


class AlreadyReversed(Exception):
    """Raised when the bank had refused it before."""


class ReversedTooEarly(Exception):
    """Raised when the day comes before the payment was received; holds the latter."""

    def __init__(self, received_on: date) -> None:
        super().__init__(received_on)
        self.received_on = received_on


@transaction.atomic
def reverse_payment(
    *, payment_id: UUID, bounced_on: date, reason: str, by: Actor | None, now: datetime
) -> Payment:
    """Return the payment, bounced: it pays nothing any more, and what waits for money waits again.

    Other money the client sent for the same invoice flows in first; nothing of it is given back that hasn't
    left yet. Who speaks for them is told, also of what was given back before. An order that waited to open
    goes back to waiting; one that is open stays so until it is suspended (LG-S19). Raises AlreadyReversed,
    ReversedTooEarly, PeriodClosed.
    """
    check_period_open(bounced_on)
    invoices = invoices_of(payment_id, lock=True)
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
    if not PAYMENT.allows("bounce", payment.state):
        raise AlreadyReversed(payment_id)
    if bounced_on < payment.received_on:
        raise ReversedTooEarly(payment.received_on)
    payment.mark_bounced(on=bounced_on, reason=reason)
    announce_payment_moved(payment, now=now)
    facts = {"amount_cents": payment.amount_cents}
    log_action("payment.bounced", by=by, on=payment, at=now, facts=facts, personal={"reason": reason})
    close_obligation("LG-S5.2d", kind="proved-funds", subject=payment.id, now=now, evidence={"bounced": True})
    drop_refunds(payment, on=bounced_on, by=by, now=now)
    for row in payment.allocations.active():
        release(row, reason=reason, by=by, now=now)
    for share in payment.claim_allocations.active():
        release_from_claim(share, reason=reason, by=by, now=now)
    for invoice in invoices:
        auto_allocate_payments(invoice_id=invoice.pk, now=now, today=paris_day(now))
        reopen_invoice(invoice=invoice, now=now, because={"bounced": str(payment.id)})
    if payer_of_payment(payment) is not None:
        ids = {"payment": payment.id, "at": now.isoformat()}
        enqueue_message("billing/payment_bounced", ids=ids, now=now, key=bounced_key(payment.id))
    wake_worker()
    return payment


def bounced_key(payment_id: UUID) -> str:
    """Return the key of the message that a payment was taken back."""
    return f"payment-bounced:{payment_id}"
