"""A quote as a program would write it again."""

from __future__ import annotations

from typing import Any

from billing.money.policy.address import address_kept
from billing.money.policy.money import format_amount, format_pct
from billing.quotes.forms.quote_copy import discount_of, lines_of, shipping_of, sites_of
from billing.quotes.models import QuoteVersion

AS_KEPT = (
    "method",
    "payment_days",
    "term_months",
    "language",
    "currency",
    "employees",
    "outside_main_activity",
    "warranty_months",
    "warranty",
    "note",
)


def quote_body(version: QuoteVersion) -> dict[str, Any]:
    """Return all that was decided about a quote, under the names a PUT takes."""
    body = {name: getattr(version, name) for name in AS_KEPT}
    delivery = address_kept(version.buyer.get("delivery"))
    shipping = shipping_of(version)
    return body | {
        "customer": version.quote.customer_id,
        "contact": version.quote.contact_id,
        "valid_until": version.valid_until,
        "deposit_pct": version.down_payment_pct,
        "deferred_until": version.extended_until,
        "deliver_by": version.deliver_by,
        "engagement": version.buyer.get("engagement", ""),
        "discount": _discount(version),
        "shipping": None if shipping is None else _money(shipping, version.currency),
        "delivery": delivery.kept() if delivery else None,
        "sites": [site for site in sites_of(version) if site],
        "lines": [
            line | {"unit_net": _money(line["unit_net"], version.currency)} for line in lines_of(version)
        ],
    }


def _discount(version: QuoteVersion) -> dict[str, Any] | None:
    found = discount_of(version)
    if found.pct is not None:
        return {"percent": format_pct(found.pct), "amount": None}
    return {"percent": None, "amount": _money(found.cents, version.currency)} if found.cents else None


def _money(cents: int, currency: str) -> dict[str, str]:
    return {"amount": format_amount(cents), "currency": currency}
