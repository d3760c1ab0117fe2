"""What fulfilment does about what it hears."""

from collections.abc import Mapping
from datetime import datetime

from audit.policy.actor import Actor
from billing.fulfilment.actions.cancel_delivery import cancel_delivery, keep_things_here
from billing.fulfilment.actions.keep_credited_here import keep_credited_here
from billing.fulfilment.queries.deliveries import things_here
from billing.invoicing.models import Invoice
from billing.orders.models import Order
from billing.orders.queries.asked import is_taken_back
from billing.registry import answers, listens


@listens("order_cancelled")
def its_parcel_leaves_no_more(*, order: Order, now: datetime) -> None:
    """Let the parcel of an order that was open before its money left stay here for good."""
    cancel_delivery(order=order, because={"cancelled": order.number}, now=now)


@listens("invoice_credited")
def what_was_taken_back_stays_here(*, invoice: Invoice, now: datetime) -> None:
    """Let nothing leave of a sale that credit notes took back."""
    order = Order.objects.filter(invoices=invoice).first()
    if order is not None and is_taken_back(order):
        keep_things_here(order=order, because={"credited": invoice.number}, now=now)


@listens("things_credited")
def what_was_credited_stays_here(
    *, invoice: Invoice, pieces: Mapping[int, int], by: Actor, now: datetime
) -> None:
    """Let the things leave no more that finance took out of a sale with their price."""
    keep_credited_here(invoice=invoice, pieces=pieces, by=by, now=now)


@answers("things_here")
def how_many_wait_here(invoice: Invoice) -> dict[int, int]:
    """Return by line position how many things an invoice's order sells that haven't left."""
    return things_here(invoice)
