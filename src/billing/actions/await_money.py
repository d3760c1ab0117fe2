"""Let an order wait for its money: as many business days as its offer says, then it may be cancelled."""

from datetime import date, datetime

from agenda.actions import owe
from billing.gateways.holidays import customer_holidays
from billing.models import Order
from billing.policy.days import day_starts_at
from billing.policy.orders import PaymentTerm, payment_term
from contracts.registry import profile
from tenants.models import Customer


def wait_of(customer: Customer, *, offer: str, today: date) -> PaymentTerm:
    """Return until when what is ordered today of an offer waits for its money, without a quote. Clause: LG-S5.2c"""
    days = profile(offer, on=today).orders.cancellable_business_days
    holidays = customer_holidays(customer, today)
    return payment_term(quoted_on=today, confirmed_on=today, holidays=holidays, business_days=days)


def promise_cancellable(order: Order, *, now: datetime) -> None:
    """Promise to mark an order cancellable once its days have passed unpaid. Clause: LG-S5.2c"""
    owe("LG-S5.2c", kind="cancellable", subject=order.pk, due_at=day_starts_at(order.cancellable_on), now=now,
        occurrence=str(order.cancellable_on))  # fmt: skip
