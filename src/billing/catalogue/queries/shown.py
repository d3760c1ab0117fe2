"""Who reads prices with VAT."""

from __future__ import annotations

from billing.customers.policy.clients import legal_status
from tenants.models import Customer


def reads_with_vat(customer: Customer) -> bool:
    """Return whether a customer's prices are told with their VAT."""
    return legal_status(customer.customer_type).consumer_protections
