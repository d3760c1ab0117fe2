"""Receive a client's money that names no invoice: it is their credit, to be allocated later."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.catalogue.models.catalogue import PaymentMethodType
from billing.payments.actions.receive_cheque import create_unallocated_payment
from billing.payments.models import Payment


@transaction.atomic
def receive_on_account(
    *,
    customer_id: UUID,
    amount_cents: int,
    currency: str,
    credited_on: date,
    reference: str,
    by: Actor | None,
    now: datetime,
) -> Payment:
    """Return the transfer, credited and unallocated: it pays what a person says, later.

    Raises PeriodClosed.
    """
    payment = create_unallocated_payment(
        customer_id=customer_id,
        method=PaymentMethodType.TRANSFER,
        amount_cents=amount_cents,
        currency=currency,
        received_on=credited_on,
        credited_on=credited_on,
        reference=reference,
        now=now,
    )
    facts = {"amount_cents": amount_cents, "on_account": True}
    log_action("transfer.recorded", by=by, on=payment, at=now, facts=facts)
    return payment
