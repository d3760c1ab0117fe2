"""What a buyer may read of their customer's orders."""

from django.db.models import QuerySet

from billing.customers.models import Contact
from billing.orders.models import Order
from isolation.policy.guards import guards


@guards("contact")
def orders_of(contact: Contact) -> QuerySet[Order]:
    """Return the orders of a buyer's customer."""
    return Order.objects.filter(customer_id=contact.customer_id).select_related("version__quote")
