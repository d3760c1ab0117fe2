"""Which period each line of an order pays for."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from billing.catalogue.models import Product
from billing.orders.models import Order, OrderLine
from billing.subscriptions.models import Subscription, SubscriptionTerm
from billing.subscriptions.policy.periods import ServicePeriod, service_period


def service_periods_of(order: Order, *, opens_on: date | None) -> dict[int, ServicePeriod]:
    """Return by position the period of each line that sells a subscription, or an option of one.

    `opens_on` is the day what is new opens, where that is known.
    """
    sold = list(order.lines.filter(product__kind=Product.Kind.SUBSCRIPTION).select_related("product", "site"))
    own = _own(order)
    running = _running([line.contract_id for line in sold if line.contract_id])
    found = {}
    for line in sold:
        period = service_period(
            ordered_on=order.confirmed_on,
            term_months=order.term_months,
            own=own.get(_key(line, sold)) if line.licences_after is None else None,
            running=running.get(line.contract_id) if line.contract_id else None,
            is_added=line.licences_after is not None,
            opens_on=opens_on,
        )
        if period is not None:
            found[line.position] = period
    return found


def _key(line: OrderLine, sold: list[OrderLine]) -> UUID | None:
    """Return the contract of a line; an option's is that of the subscription of its site."""
    if line.contract_id:
        return line.contract_id
    alike = (each.contract_id for each in sold if each.site_id == line.site_id and each.contract_id)
    return next(alike, None)


def _own(order: Order) -> dict[UUID | None, ServicePeriod]:
    """Return the terms an order has by contract: of one that renews, or was tried first."""
    rows = SubscriptionTerm.objects.filter(order=order).values_list(
        "subscription__contract", "starts_on", "ends_on"
    )
    return {contract: ServicePeriod(starts_on, ends_on) for contract, starts_on, ends_on in rows}


def _running(contracts: list[UUID]) -> dict[UUID, ServicePeriod]:
    """Return the last term of each contract that goes on."""
    rows = Subscription.objects.filter(contract__in=contracts, ended_on=None).prefetch_related("terms")
    return {each.contract_id: ServicePeriod(each.term.starts_on, each.term.ends_on) for each in rows}
