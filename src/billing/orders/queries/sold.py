"""Which lines of an order are sold still: what credit notes took back in full is not."""

from __future__ import annotations

from django.db.models import Q

from billing.catalogue.models.lines import LineKind
from billing.invoicing.models import Invoice, InvoiceLine
from billing.invoicing.queries.credits import creditable
from billing.orders.models import Order
from contracts.policy.clauses import keeps


@keeps("LG-S5.2d")
def taken_back_positions(order: Order) -> set[int]:
    """Return the positions of the products of an order of which credit notes left nothing.

    Nothing of them opens, is added or renewed, whatever else of the order is paid. What costs less since is
    sold still.
    """
    sales = Invoice.objects.filter(order=order, kind=Invoice.Kind.INVOICE, is_down_payment=False)
    found: set[int] = set()
    for sale in sales:
        sold = Q(credits__kind=LineKind.PRODUCT, credits__unit_net_cents__gt=0)
        back = InvoiceLine.objects.filter(sold, credits__invoice=sale)
        credited = set(back.values_list("credits__position", flat=True))
        left = {line.position for line, cents in creditable(sale) if cents > 0} if credited else set()
        found |= credited - left
    return found
