"""What a buyer may read of their customer's orders."""

from django.db.models import QuerySet

from billing.customers.models import Contact
from billing.money.labels import STORED_AS
from billing.orders.models import Order
from isolation.policy.guards import guards


@guards("contact")
def orders_of(contact: Contact) -> QuerySet[Order]:
    """Return the orders of a buyer's customer."""
    return Order.objects.filter(customer_id=contact.customer_id).select_related("version__quote")


def methods_come(order: Order) -> list[str]:
    """Return the methods of the payments that came for an order, as a client chooses them.

    What the bank took back didn't come.
    """
    stored = order.allocated_payments().filter(bounced_on=None).values_list("method", flat=True)
    return sorted({STORED_AS.get(method, method) for method in stored})
