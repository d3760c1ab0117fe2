"""The calendar on which a customer's business days are counted."""

from datetime import date

from contracts.gateways.holidays import public_holidays
from tenants.models import Customer


def customer_holidays(customer: Customer, on: date) -> frozenset[date]:
    """Return the public holidays of a customer's place, for the year of `on` and the next."""
    return public_holidays(customer.country, customer.subdivision or None, (on.year, on.year + 1))


def house_holidays(on: date) -> frozenset[date]:
    """Return the public holidays of the house itself, in France, for the year of `on` and the next."""
    return public_holidays("FR", None, (on.year, on.year + 1))
