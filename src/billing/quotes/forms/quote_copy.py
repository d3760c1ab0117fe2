"""What the desk shows of a draft: the same that was typed, read back from what was kept."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from billing.catalogue.actions.price_lines import discount_words
from billing.catalogue.models.lines import LineKind
from billing.catalogue.policy.discount import Discount
from billing.quotes.models import QuoteLine, QuoteVersion

CHARGES = (LineKind.CHEQUE_FEE, LineKind.SHIPPING)


def sites_of(version: QuoteVersion) -> list[dict[str, Any]]:
    """Return the sites as the desk shows them; an empty one where there is none."""
    rows = version.sites.order_by("position")
    return [{"name": row.name, "slug": row.slug, "admin_email": row.admin_email} for row in rows] or [{}]


def lines_of(version: QuoteVersion) -> list[dict[str, Any]]:
    """Return the lines that were typed: neither the charges nor the discount's."""
    lines = list(version.lines.select_related("site").exclude(kind__in=CHARGES))
    made = _discount(lines, version.language)[0]
    return [
        {
            "product": line.product_id,
            "description": line.description,
            "quantity": line.quantity,
            "unit_net": line.unit_net_cents,
            "site": line.site.position - 1 if line.site else None,
        }
        for line in lines
        if line not in made
    ]


def discount_of(version: QuoteVersion) -> Discount:
    """Return the discount of a version, as a percentage where it was one."""
    return _discount(list(version.lines.filter(kind=LineKind.DISCOUNT)), version.language)[1]


def shipping_of(version: QuoteVersion) -> int | None:
    """Return what delivery costs, None where nothing is asked."""
    line = version.lines.filter(kind=LineKind.SHIPPING).first()
    return line.net_cents if line else None


def _discount(lines: Sequence[QuoteLine], language: str) -> tuple[list[QuoteLine], Discount]:
    """Return the lines a discount made, known by their words, and the discount."""
    own = [
        line
        for line in lines
        if line.kind == LineKind.DISCOUNT and line.product_id is None and line.quantity == 1
    ]
    for line in own:
        pct = re.search(r"(\d+(?:[.,]\d+)?)\s?%$", line.description)
        found = Discount(pct=Decimal(pct[1].replace(",", "."))) if pct else Discount()
        if line.description == discount_words(found, language):
            made = [each for each in own if each.description == line.description]
            cents = 0 if pct else -sum(each.net_cents for each in made)
            return made, Discount(found.pct, cents)
    return [], Discount()
