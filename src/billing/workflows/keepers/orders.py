"""Keeper of orders that open."""

from datetime import datetime

from agenda.models import Obligation
from agenda.registry import Outcome, keeper, kept_or_moot
from billing.money.policy.days import paris_day
from billing.orders.models import Order
from billing.workflows.actions.open_access import open_access, open_what_waited
from tenants.actions.keep_after_end import SETTLED


@keeper("LG-S12", kind="open-access", where="operator")
def keep_open_access(obligation: Obligation, *, now: datetime) -> Outcome:
    """Open what a funded order sold."""
    tenants = open_access(order_id=obligation.subject_id, now=now, today=paris_day(now))
    opened = Order.objects.get(pk=obligation.subject_id).state == Order.State.FULFILLED
    return kept_or_moot(opened, "on hold", tenants=[str(tenant) for tenant in tenants])


@keeper(SETTLED[0], kind=SETTLED[1], where="operator", opened_by="place")
def keep_erasure_settled(obligation: Obligation, *, now: datetime) -> Outcome:
    """Open what was ordered and waited for the controller's word about an early deletion."""
    orders = open_what_waited(tenant_id=obligation.subject_id, now=now)
    return kept_or_moot(orders, "no order waited", orders=orders)
