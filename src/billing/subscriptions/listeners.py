"""What subscriptions answer."""

from datetime import date

from billing.collections.queries.suspensions import Concerned
from billing.invoicing.models import Invoice
from billing.registry import answers
from billing.subscriptions.queries.subscriptions import pauses_of, products_running, running_on
from tenants.models import Customer


@answers("running_products")
def which_products_run(customer: Customer) -> frozenset[object]:
    """Return the products a customer has running subscriptions of."""
    return products_running(customer)


@answers("concerned_by")
def whom_an_invoice_concerns(invoice: Invoice) -> list[Concerned]:
    """Return the tenants that run on an invoice."""
    return running_on(invoice)


@answers("pauses_of")
def what_suspends_a_payment(invoice: Invoice) -> list[tuple[date, date | None]]:
    """Return the days on which an event suspends what an invoice asks."""
    return pauses_of(invoice)
