"""What workflows do about what they hear."""

from datetime import date, datetime
from uuid import UUID

from agenda.models import Obligation
from billing.invoicing.models import Invoice
from billing.orders.models import Order
from billing.registry import answers, listens
from billing.workflows.actions.charge_saved_method import follow_due_day, postpone_charge
from billing.workflows.queries.served import is_served


@listens("invoice_deferred")
def it_is_charged_later(*, invoice: Invoice, until: date, now: datetime) -> None:
    """Put off the day the saved method is charged."""
    postpone_charge(invoice, until=until, now=now)


@listens("debt_moved")
def what_we_collect_is_charged_when_due(*, customer_id: UUID, now: datetime) -> None:
    """Charge what is to be charged on the day it is due now: an event is over, or its day was another."""
    waiting = Obligation.objects.waiting().filter(clause="LG-S6.2k", kind="charge")
    promised = Invoice.objects.filter(customer_id=customer_id, pk__in=waiting.values("subject_id"))
    for invoice in promised:
        follow_due_day(invoice, now=now)


@answers("order_served")
def it_serves_its_client(order: Order) -> bool:
    """Return whether something an open order sold has left or begun."""
    return is_served(order)
