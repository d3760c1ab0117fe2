"""Of what nature a document's amounts are: goods or services.

Delivery goes with the things it delivers, a discount and a fee with all they are on, a down payment with
what is ordered: each is shared out by net amounts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from billing.catalogue.models.catalogue import Nature
from billing.catalogue.models.lines import LineKind
from billing.invoicing.models import Invoice
from billing.money.policy.money import split
from billing.money.policy.tax import STANDARD

Key = tuple[Decimal | None, str, str]  # rate, category, reason


@dataclass(frozen=True, slots=True)
class _Taken:
    """What a credit takes of a line, taxed as the line is."""

    kind: str
    nature: str
    net_cents: int
    vat_rate: Decimal | None
    tax_category: str
    tax_reason: str

    @classmethod
    def of(cls, line: Any, cents: int) -> _Taken:
        return cls(line.kind, str(line.nature), cents, *tax_key(line))


def nets_by_nature(document: Invoice, lines: Sequence[Any], key: Key) -> dict[str, int]:
    """Return the net cents of one rate of a document, by nature: as it says itself, else by its lines."""
    if told := _told(document, key):
        return told
    sale = _of_sale(document)
    found = _by_nature(lines, sale).get(key, {})
    deposited = sum(
        line.net_cents for line in lines if line.kind == LineKind.DEPOSIT and tax_key(line) == key
    )
    if not deposited:
        return found
    for nature, cents in _split(deposited, found or _by_nature(sale, sale).get(key, {}), lines).items():
        found[nature] = found.get(nature, 0) + cents
    return found


def taken_by_nature(invoice: Invoice, amounts: Mapping[int, int]) -> dict[Key, dict[str, int]]:
    """Return by rate and nature the net cents of what a credit of an invoice's lines takes back.

    `amounts` is net cents by position; the down payments it deducted are no part of what was sold.
    """
    lines = list(invoice.lines.all())
    taken = [_Taken.of(line, amounts[line.position]) for line in lines if amounts.get(line.position)]
    return _by_nature(taken, lines)


def natures_of(document: Invoice, lines: Sequence[Any]) -> set[str]:
    """Return the natures of what a document sells."""
    if told := {nature for row in document.vat_rows or [] for nature in row.get("natures", ())}:
        return told
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


def row_key(row: Mapping[str, Any]) -> Key:
    """Return how a row of a document's VAT is taxed."""
    rate = None if row["rate"] is None else Decimal(row["rate"])
    return rate, row.get("category") or STANDARD, row.get("reason") or ""


def _told(document: Invoice, key: Key) -> dict[str, int]:
    """Return what a row of a document says of its natures: a note on a down payment says what it is for."""
    rows = (row for row in document.vat_rows or [] if row_key(row) == key)
    return next((dict(row.get("natures", {})) for row in rows), {})


def _sold(document: Invoice, lines: Sequence[Any]) -> list[Any]:
    """Return the lines of what a document sells or takes back: its own, else those of the whole sale."""
    return _products(lines) or _products(_of_sale(document))


def _of_sale(document: Invoice) -> list[Any]:
    asked = document.corrects or document
    if asked.is_down_payment and asked.order is not None:
        return list(asked.order.lines.all())
    return list(asked.lines.all()) if asked is not document else []


def _products(lines: Iterable[Any]) -> list[Any]:
    return [line for line in lines if line.kind == LineKind.PRODUCT and line.net_cents > 0]


def _by_nature(lines: Sequence[Any], sale: Sequence[Any]) -> dict[Key, dict[str, int]]:
    """Return by rate and nature the net cents of lines of a `sale`, deductions of down payments left out."""
    whole = _products(sale)
    sold = _products(lines) or whole
    found: dict[Key, dict[str, int]] = {}
    for line in lines:
        if line.kind != LineKind.DEPOSIT:
            row = found.setdefault(tax_key(line), {})
            for nature, cents in _shares(line, sold, whole).items():
                row[nature] = row.get(nature, 0) + cents
    return found


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
    return _split(line.net_cents, weights, [line])


def _split(cents: int, weights: Mapping[str, int], lines: Sequence[Any]) -> dict[str, int]:
    """Return cents shared out by natures; with nothing to go by, they are of the nature of their line."""
    names = sorted(name for name, worth in weights.items() if worth > 0)
    if not names:
        return {str(lines[0].nature): cents}
    return dict(zip(names, split(cents, [weights[name] for name in names]), strict=True))
