"""How an order is paid: by an invoice already, or tried before."""

from __future__ import annotations

from billing.catalogue.models import Product
from billing.invoicing.models import Invoice
from billing.orders.models import Order
from billing.orders.policy.cart import trial_is_open_to
from contracts.policy.clauses import keeps


def invoice_to_pay(order: Order) -> Invoice | None:
    """Return the invoice by which an order is paid; None while it waits for the money that makes it."""
    issued = order.invoices.filter(kind=Invoice.Kind.INVOICE, is_down_payment=False)
    return issued.order_by("issued_on", "number").first()


@keeps("LG-S14.3")
def trial_offered(order: Order) -> int:
    """Return the days an order is tried before it is paid, 0 for none.

    Only what was placed online, is paid online, waits without an invoice and sells subscriptions alone: a
    thing or a service is paid before it leaves.
    """
    if not order.trial_days or not trial_is_open_to(online=order.version_id is None, method=order.method):
        return 0
    sold = order.lines.exclude(product=None).exclude(product__kind=Product.Kind.SUBSCRIPTION)
    return 0 if sold.exists() or invoice_to_pay(order) else order.trial_days
