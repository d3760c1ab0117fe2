"""Receive a cheque: it waits to be credited, and opens nothing yet."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from audit.actions import write
from billing.models import Allocation, Invoice, Payment
from billing.models.catalogue import Method
from billing.queries.balances import unallocated


class NothingToPay(Exception):
    """Raised when the invoice has been paid already, or a payment for all of it is waiting."""


class TooMuch(Exception):
    """Raised when the payment is more than the invoice still asks."""

    def __init__(self, owed_cents: int) -> None:
        super().__init__(owed_cents)
        self.owed_cents = owed_cents


@transaction.atomic
def receive_cheque(
    *, invoice: Invoice, amount_cents: int, received_on: date, reference: str, by: Any, now: datetime
) -> Payment:
    """Return the cheque, put against its invoice. Raises NothingToPay, TooMuch.

    Clause: LG-S5.2d
    """
    payment = put_payment(
        invoice=invoice, method=Method.CHEQUE, amount_cents=amount_cents, received_on=received_on, reference=reference,
        now=now,
    )  # fmt: skip
    facts = {"amount_cents": amount_cents, "invoice": invoice.number}
    write("cheque.received", by=by, on=payment, at=now, facts=facts)
    return payment


def put_payment(
    *, invoice: Invoice, method: str, amount_cents: int, received_on: date, reference: str, now: datetime
) -> Payment:
    """Return a new payment put against its invoice, nothing credited yet. Raises NothingToPay, TooMuch."""
    locked = Invoice.objects.select_for_update().get(pk=invoice.pk)
    owed = unallocated(locked)
    if owed <= 0:
        raise NothingToPay(locked.number)
    if amount_cents > owed:
        raise TooMuch(owed)
    payment = Payment.objects.create(
        customer_id=locked.customer_id,
        method=method,
        amount_cents=amount_cents,
        currency=locked.currency,
        reference=reference,
        received_on=received_on,
        created_at=now,
    )
    Allocation.objects.create(payment=payment, invoice=locked, amount_cents=amount_cents, allocated_at=now)
    return payment
