"""Until when the things of an order are guaranteed."""

from __future__ import annotations

from billing.collections.queries.rules import client_profile
from billing.fulfilment.models import Delivery
from billing.orders.models import Order
from billing.returns.policy.warranty import GuaranteeDays, WarrantyMonths, guarantee_days


def months_of(order: Order) -> WarrantyMonths:
    """Return for how many months the things of an order are guaranteed, by the profile and by its quote."""
    kind = "consumer" if order.is_consumer_protected else order.customer.customer_type
    warranty = client_profile(kind, on=order.confirmed_on).warranty
    given = order.version.warranty_months if order.version else 0
    return WarrantyMonths(warranty.conformity_months, warranty.defect_months, given)


def days_of(order: Order) -> GuaranteeDays:
    """Return until when the guarantees on an order's things last, from the day they were delivered."""
    delivery = Delivery.objects.filter(order=order).first()
    return guarantee_days(
        months_of(order),
        delivered_on=delivery.delivered_on if delivery else None,
        consumer_protected=order.is_consumer_protected,
    )
