"""How we tax a buyer: the rules of `billing.money.policy.tax` with our own identity and tables put in."""

from datetime import date

from billing.money.gateways.rate_tables import tax_table
from billing.money.gateways.seller import seller
from billing.money.policy.address import Address
from billing.money.policy.tax import Party, Treatment, treatment
from tenants.models import Customer


def seller_party() -> Party:
    """Return us."""
    us = seller()
    return Party(country=us["country"], postcode=us["postcode"], vat_number=us["vat_number"])


def party(customer: Customer) -> Party:
    """Return what taxation asks of a customer."""
    return Party(
        country=customer.country,
        kind=customer.customer_type,
        subdivision=customer.subdivision,
        postcode=customer.postcode,
        vat_number=customer.vat_number,
    )


def tax(
    customer: Customer, *, nature: str, on: date, tax_key: str = "standard", delivery: Address | None = None
) -> Treatment:
    """Return how a sale to a customer is taxed, goods where they are delivered.

    Raises UnknownRate, UnknownTerritory, NumberNeeded.
    """
    return treatment(
        seller_party(), party(customer), nature, on, table=tax_table(), tax_key=tax_key, delivery=delivery
    )
