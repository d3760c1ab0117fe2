"""Credit a payment: the funds are there; what was ordered can open."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from agenda.actions import close_obligation
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.invoicing.actions.settle_invoice import sync_invoice_state
from billing.invoicing.queries.balances import balance_of
from billing.money.actions.check_period_open import check_period_open
from billing.payments.actions.announce_money import announce_payment_moved
from billing.payments.actions.auto_allocate_payments import auto_allocate_payments
from billing.payments.models import Payment
from billing.payments.policy.states import PAYMENT
from billing.payments.queries.money import invoices_of
from contracts.policy.clauses import keeps


class NotInHand(Exception):
    """Raised when the payment was credited or refused by the bank already."""


class ClearedTooEarly(Exception):
    """Raised when the day of credit comes before the payment was received, or is still to come."""


@transaction.atomic
@keeps("LG-S5.2d")
def clear_payment(
    *, payment_id: UUID, credited_on: date, by: Actor | None, now: datetime, today: date
) -> Payment:
    """Return the payment, credited; its invoices are settled and their orders funded when nothing is left to
    pay.

    The same for a cheque and a transfer. Raises NotInHand, ClearedTooEarly, PeriodClosed.
    """
    invoices = invoices_of(payment_id, lock=True)
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
    if not PAYMENT.allows("credit", payment.state):
        raise NotInHand(payment.state)
    if not payment.received_on <= credited_on <= today:
        raise ClearedTooEarly(credited_on)
    check_period_open(credited_on)
    payment.mark_cleared(on=credited_on)
    announce_payment_moved(payment, now=now)
    facts = {"amount_cents": payment.amount_cents, "credited_on": str(credited_on)}
    log_action(f"{payment.method}.credited", by=by, on=payment, at=now, facts=facts)
    close_obligation(
        "LG-S5.2d",
        kind="proved-funds",
        subject=payment.id,
        now=now,
        state="kept",
        evidence={"credited": True},
    )
    for invoice in invoices:
        auto_allocate_payments(invoice_id=invoice.pk, now=now, today=today)
    _settle_invoices(payment, now, today)
    return payment


def _settle_invoices(payment: Payment, now: datetime, today: date) -> None:
    """Settle each invoice this payment pays and that has nothing left to pay; one credited opens nothing."""
    for row in payment.allocations.active().select_related("invoice"):
        if balance_of(row.invoice_id) <= 0:
            sync_invoice_state(row.invoice, now=now, today=today)
