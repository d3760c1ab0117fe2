"""Let an order wait for its money as many business days as its offer says."""

from datetime import date

from billing.money.gateways.holidays import customer_holidays
from billing.orders.policy.orders import PaymentTerm, payment_term
from contracts.policy.clauses import keeps
from contracts.registry import profile
from tenants.models import Customer


@keeps("LG-S5.2c")
def wait_of(customer: Customer, *, offer: str, today: date) -> PaymentTerm:
    """Return until when what is ordered today of an offer waits for its money, without a quote."""
    days = profile(offer, on=today).orders.cancellable_business_days
    holidays = customer_holidays(customer, today)
    return payment_term(quoted_on=today, confirmed_on=today, holidays=holidays, business_days=days)
