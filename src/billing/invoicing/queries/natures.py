"""Of what nature a document's amounts are: goods or services.

Delivery goes with the things it delivers, a discount and a fee with all they are on, a down payment with
what is ordered: each is shared out by net amounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from billing.catalogue.models.catalogue import Nature
from billing.catalogue.models.lines import LineKind
from billing.invoicing.models import Invoice
from billing.money.policy.money import split

Key = tuple[Decimal | None, str, str]  # rate, category, reason


def nets_by_nature(document: Invoice, lines: Sequence[Any], key: Key) -> dict[str, int]:
    """Return the net cents of one rate of a document, by nature."""
    sold = _sold(document, lines)
    found: dict[str, int] = {}
    for line in lines:
        if tax_key(line) == key:
            for nature, cents in _shares(line, sold).items():
                found[nature] = found.get(nature, 0) + cents
    return found


def natures_of(document: Invoice, lines: Sequence[Any]) -> set[str]:
    """Return the natures of what a document sells."""
    own = {str(line.nature) for line in lines if line.kind == LineKind.PRODUCT}
    sold = {str(line.nature) for line in _sold(document, lines)}
    return own or sold or {str(line.nature) for line in lines}


def taxed_natures(document: Invoice, lines: Sequence[Any]) -> set[str]:
    """Return the natures of what a document sells with VAT."""
    keys = {tax_key(line) for line in lines if line.vat_rate}
    return {nature for key in keys for nature, cents in nets_by_nature(document, lines, key).items() if cents}


def tax_key(line: Any) -> Key:
    """Return how a line is taxed."""
    return line.vat_rate, line.tax_category, line.tax_reason


def _sold(document: Invoice, lines: Sequence[Any]) -> list[Any]:
    """Return the lines of what is sold: the document's own, the invoice's it corrects, or the order's."""
    asked = document.corrects or document
    if asked.is_down_payment and asked.order is not None:
        found: Sequence[Any] = list(asked.order.lines.all())
    else:
        found = lines if asked is document else list(asked.lines.all())
    return [line for line in found if line.kind == LineKind.PRODUCT and line.net_cents > 0]


def _shares(line: Any, sold: Sequence[Any]) -> dict[str, int]:
    """Return the net cents of a line by nature."""
    if line.kind == LineKind.PRODUCT:
        return {str(line.nature): line.net_cents}
    alike = [each for each in sold if tax_key(each) == tax_key(line)] or list(sold)
    if line.kind == LineKind.SHIPPING:
        alike = [each for each in sold if each.nature == Nature.GOODS] or alike
    weights: dict[str, int] = {}
    for each in alike:
        weights[str(each.nature)] = weights.get(str(each.nature), 0) + each.net_cents
    if not weights:
        return {str(line.nature): line.net_cents}
    names = sorted(weights)
    return dict(zip(names, split(line.net_cents, [weights[name] for name in names]), strict=True))
