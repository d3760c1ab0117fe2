"""What a draft says of its buyer once their page has changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from billing.customers.queries.buyer import buyer_of
from billing.money.gateways.rate_tables import tax_table
from billing.money.policy.address import address_kept
from billing.money.policy.tax import HOME, Party, UnknownTerritory, tax_territory_of
from billing.quotes.models import QuoteVersion


def buyer_anew(version: QuoteVersion) -> dict[str, Any]:
    """Return what a version would say of its buyer today; what the quote itself agrees on stays."""
    return buyer_of(
        version.quote.customer,
        delivery=address_kept(version.buyer.get("delivery")),
        purchase_order_reference=version.buyer.get("engagement", ""),
    )


def is_taxed_alike(version: QuoteVersion, buyer: Mapping[str, Any]) -> bool:
    """Return whether the version's VAT and prices hold for the buyer as told: same capacity, same place for
    VAT, and abroad the same VAT number.
    """
    kind = version.quote.customer.customer_type
    return version.customer_type == kind and _place(version.buyer, kind) == _place(buyer, kind)


def _place(buyer: Mapping[str, Any], kind: str) -> tuple[Any, ...]:
    told = Party(
        buyer.get("country") or "",
        kind,
        subdivision=buyer.get("subdivision") or "",
        postcode=buyer.get("postcode") or "",
    )
    number = buyer.get("vat_number") or ""
    try:
        place = tax_territory_of(told, tax_table())
    except UnknownTerritory:
        return (told, number)
    return (place, "" if place.country in HOME else number)
