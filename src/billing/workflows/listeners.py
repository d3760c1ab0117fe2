"""What workflows do about what they hear."""

from datetime import date, datetime

from billing.invoicing.models import Invoice
from billing.orders.models import Order
from billing.registry import answers, listens
from billing.workflows.actions.charge_saved_method import postpone_charge
from billing.workflows.queries.served import is_served


@listens("invoice_deferred")
def it_is_charged_later(*, invoice: Invoice, until: date, now: datetime) -> None:
    """Put off the day the saved method is charged."""
    postpone_charge(invoice, until=until, now=now)


@answers("order_served")
def it_serves_its_client(order: Order) -> bool:
    """Return whether something an open order sold has left or begun."""
    return is_served(order)
