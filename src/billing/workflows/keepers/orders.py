"""Keeper of orders that open."""

from datetime import datetime

from agenda.models import Obligation
from agenda.registry import Outcome, keeper, kept_or_moot
from billing.money.policy.days import paris_day
from billing.orders.models import Order
from billing.workflows.actions.open_access import open_access


@keeper("LG-S12", kind="open-access", where="operator")
def keep_open_access(obligation: Obligation, *, now: datetime) -> Outcome:
    """Open what a funded order sold."""
    tenants = open_access(order_id=obligation.subject_id, now=now, today=paris_day(now))
    opened = Order.objects.get(pk=obligation.subject_id).state == Order.State.FULFILLED
    return kept_or_moot(opened, "on hold", tenants=[str(tenant) for tenant in tenants])
