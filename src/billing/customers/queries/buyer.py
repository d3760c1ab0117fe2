"""What a document says of its buyer."""

from __future__ import annotations

from typing import Any

from billing.money.policy.address import Address
from tenants.models import Customer


def buyer_of(
    customer: Customer, *, delivery: Address | None = None, purchase_order_reference: str = ""
) -> dict[str, Any]:
    """Return what a document says of a customer, as it is today."""
    names = (
        "name",
        "signatory",
        "street",
        "postcode",
        "city",
        "country",
        "subdivision",
        "siren",
        "siret",
        "service_code",
        "vat_number",
        "email",
    )
    return {name: getattr(customer, name) for name in names} | {
        "delivery": delivery.kept() if delivery else {},
        "engagement": purchase_order_reference,
    }
