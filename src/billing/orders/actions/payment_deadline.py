"""Let an order wait for its money: as many business days as its offer says, a day at the provider's."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from agenda.actions import instant, open_obligation
from billing.money.gateways.holidays import customer_holidays
from billing.orders.actions.mark_cancellable import schedule_cancellable
from billing.orders.models import Order
from billing.orders.policy.orders import PaymentTerm, payment_term
from contracts.policy.clauses import keeps
from contracts.registry import profile
from tenants.models import Customer

PAID_WITHIN = timedelta(days=1)


@keeps("LG-S5.2c")
def business_days_of(offers: Iterable[str], *, on: date) -> int:
    """Return how many business days what is sold waits for its money: the most that its contracts say.

    Where nothing opens anything, as many as a school's.
    """
    keys = {key for key in offers if key} or {"school"}
    return max(profile(key, on=on).orders.cancellable_business_days for key in keys)


@keeps("LG-S5.2c")
def payment_deadline_of(customer: Customer, *, offer: str, today: date) -> PaymentTerm:
    """Return until when what is ordered today of an offer waits for its money, without a quote."""
    days = business_days_of([offer], on=today)
    holidays = customer_holidays(customer, today)
    return payment_term(quoted_on=today, confirmed_on=today, holidays=holidays, business_days=days)


@keeps("LG-S5.1", "LG-S5.2c")
def schedule_unpaid(*, order: Order, is_online: bool, now: datetime) -> None:
    """Promise what is done of an order that isn't paid in time: taken back, or marked cancellable."""
    if not is_online:
        schedule_cancellable(order=order, now=now)
        return
    open_obligation(
        "LG-S5.1",
        kind="paid-online",
        subject=order.pk,
        **instant(now + PAID_WITHIN),
        now=now,
        occurrence=now.isoformat(),
    )
