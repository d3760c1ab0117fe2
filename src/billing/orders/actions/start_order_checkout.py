"""Begin to pay an order placed online: the provider's page first, the invoice when money comes."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from billing.customers.models import Contact
from billing.orders.models import Order
from billing.orders.queries.trial import invoice_to_pay, trial_offered
from billing.payments.actions.start_checkout import (
    CheckoutTarget,
    NotOffered,
    left_to_pay,
    open_checkout_session,
    portal_url,
)
from billing.payments.actions.start_setup import start_setup
from billing.payments.queries.online import online_methods
from contracts.policy.clauses import keeps


@transaction.atomic
@keeps("LG-S5.1", "LG-S14.3", "LG-S6.2k")
def start_order_checkout(*, order_id: UUID, contact: Contact, now: datetime) -> str:
    """Return the address of the provider's page on which an order that waits for its money is paid.

    One that is tried first leaves a payment method there and is charged at the trial's end. Once its invoice
    is issued, by a debit the bank refused for one, what is left of that is paid. Raises NotOffered, OnItsWay,
    NotConfigured, Unreachable.
    """
    order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
    if order.state != Order.State.AWAITING_PAYMENT:
        raise NotOffered(order.number)
    if trial_offered(order):
        return start_setup(contact=contact, order=order, methods=online_methods(order), now=now)
    invoice = invoice_to_pay(order)
    cents = left_to_pay(invoice) if invoice else order.gross_cents
    aim = CheckoutTarget(
        invoice or order, cents, portal_url("portal_order", order.id), invoice=invoice, order_id=order.pk
    )
    return open_checkout_session(aim, contact=contact, now=now)
