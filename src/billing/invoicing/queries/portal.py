"""What a buyer may read of their customer's invoices."""

from typing import Any

from django.db.models import QuerySet

from billing.customers.models import Contact
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import with_credited, with_dispute
from isolation.policy.guards import guards


@guards("contact")
def invoices_of(contact: Contact) -> QuerySet[Any]:
    """Return the invoices of a buyer's customer."""
    return with_dispute(with_credited(Invoice.objects.filter(customer_id=contact.customer_id)))
