"""Of what nature a document's amounts are: goods or services.

Delivery goes with the things it delivers, a discount and a fee with all they are on, a down payment with
what is ordered: each is shared out by net amounts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    sale = _of_sale(document)
    found: dict[str, int] = {}
    for line in lines:
        if tax_key(line) == key:
            for nature, cents in _shares(line, sold, sale).items():
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
    """Return the lines of what a document sells or takes back: its own, else those of the whole sale."""
    return _products(lines) or _taken_back_with(document) or _of_sale(document)


def _taken_back_with(document: Invoice) -> list[Any]:
    """Return the lines that a note on a down payment takes back: they stand in the note issued with it."""
    asked = document.corrects
    if asked is None or not asked.is_down_payment:
        return []
    beside = Invoice.objects.filter(
        order=asked.order_id,
        kind=Invoice.Kind.CREDIT_NOTE,
        created_at=document.created_at,
        corrects__is_down_payment=False,
    )
    return _products([line for note in beside for line in note.lines.all()])


def _of_sale(document: Invoice) -> list[Any]:
    asked = document.corrects or document
    if asked.is_down_payment and asked.order is not None:
        return _products(asked.order.lines.all())
    return _products(asked.lines.all()) if asked is not document else []


def _products(lines: Iterable[Any]) -> list[Any]:
    return [line for line in lines if line.kind == LineKind.PRODUCT and line.net_cents > 0]


def _shares(line: Any, sold: Sequence[Any], sale: Sequence[Any]) -> dict[str, int]:
    """Return the net cents of a line by nature: a charge's of what is sold beside it, or of the `sale`."""
    if line.kind == LineKind.PRODUCT:
        return {str(line.nature): line.net_cents}
    alike = [each for each in sold if tax_key(each) == tax_key(line)] or list(sold)
    if line.kind == LineKind.SHIPPING:
        goods = [each for each in (*sold, *sale) if each.nature == Nature.GOODS]
        alike = goods or alike
    weights: dict[str, int] = {}
    for each in alike:
        weights[str(each.nature)] = weights.get(str(each.nature), 0) + each.net_cents
    if not weights:
        return {str(line.nature): line.net_cents}
    names = sorted(weights)
    return dict(zip(names, split(line.net_cents, [weights[name] for name in names]), strict=True))
