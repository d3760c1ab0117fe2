"""Receive a cheque: it waits to be credited, and opens nothing yet."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.catalogue.models.catalogue import PaymentMethodType
from billing.catalogue.policy.methods import CHEQUE_CURRENCY
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import uncovered_cents
from billing.money.actions.check_period_open import check_period_open
from billing.money.policy.days import paris_day
from billing.payments.actions.announce_money import announce_payment_moved
from billing.payments.actions.auto_allocate_payments import auto_allocate_payments
from billing.payments.models import Payment
from contracts.policy.clauses import keeps
from contracts.policy.redaction import redacted


class NothingToPay(Exception):
    """Raised when the invoice has been paid already, or a payment for all of it is waiting."""


class NotInEuros(Exception):
    """Raised when a cheque would pay an invoice in another currency; `currency` names it."""

    def __init__(self, currency: str) -> None:
        super().__init__(currency)
        self.currency = currency


class TooMuch(Exception):
    """Raised when the payment is more than the invoice still asks."""

    def __init__(self, owed_cents: int) -> None:
        super().__init__(owed_cents)
        self.owed_cents = owed_cents


@transaction.atomic
@keeps("LG-S5.2d", "LG-S6.2")
def receive_cheque(
    *,
    invoice: Invoice,
    amount_cents: int,
    received_on: date,
    reference: str,
    by: Actor | None,
    now: datetime,
    keep_surplus: bool = False,
) -> Payment:
    """Return the cheque, put against its invoice.

    Raises NothingToPay, TooMuch unless the surplus is to be kept.

    A cheque is in euros only: raises NotInEuros on another invoice.
    """
    if invoice.currency != CHEQUE_CURRENCY:
        raise NotInEuros(invoice.currency)
    payment = create_payment(
        invoice=invoice,
        method=PaymentMethodType.CHEQUE,
        amount_cents=amount_cents,
        received_on=received_on,
        reference=reference,
        now=now,
        keep_surplus=keep_surplus,
    )
    facts = {"amount_cents": amount_cents, "invoice": invoice.number}
    log_action("cheque.received", by=by, on=payment, at=now, facts=facts)
    auto_allocate_payments(invoice_id=invoice.pk, now=now, today=paris_day(now))
    return payment


def create_payment(
    *,
    invoice: Invoice,
    method: str,
    amount_cents: int,
    received_on: date,
    reference: str,
    now: datetime,
    keep_surplus: bool = False,
    **more: Any,
) -> Payment:
    """Return a new payment sent for an invoice; `auto_allocate_payments` lets it flow there.

    More than the invoice asks becomes the client's credit when `keep_surplus` says so. Raises NothingToPay,
    TooMuch, PeriodClosed.
    """
    locked = Invoice.objects.select_for_update(of=("self",)).get(pk=invoice.pk)
    if not keep_surplus:
        _check(uncovered_cents(locked), locked, amount_cents)
    return create_unallocated_payment(
        customer_id=locked.customer_id,
        method=method,
        amount_cents=amount_cents,
        currency=locked.currency,
        received_on=received_on,
        reference=reference,
        now=now,
        meant_for=locked,
        **more,
    )


def create_unallocated_payment(
    *,
    customer_id: UUID,
    method: str,
    amount_cents: int,
    currency: str,
    received_on: date,
    reference: str,
    now: datetime,
    credited_on: date | None = None,
    **more: Any,
) -> Payment:
    """Return a new payment of a client, for no invoice unless `meant_for` names one.

    No card or account number that stands in the reference is kept. Raises PeriodClosed.
    """
    check_period_open(received_on, credited_on)
    payment = Payment.objects.create(
        customer_id=customer_id,
        method=method,
        amount_cents=amount_cents,
        currency=currency,
        reference=redacted(reference)[:60],
        received_on=received_on,
        credited_on=credited_on,
        created_at=now,
        **more,
    )
    announce_payment_moved(payment, now=now)
    return payment


def _check(owed: int, invoice: Invoice, amount_cents: int) -> None:
    if owed <= 0:
        raise NothingToPay(invoice.number)
    if amount_cents > owed:
        raise TooMuch(owed)
