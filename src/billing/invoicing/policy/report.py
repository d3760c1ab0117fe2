"""The report of sales that no platform carries.

Totals per day, nature and rate, as the administration reads them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.money.policy.postcodes import FRENCH

GOODS = "TLB1"  # the categories of French e-reporting

SERVICES = "TPS1"

UNTAXED = "TNT1"


@dataclass(frozen=True, slots=True)
class Sale:
    """One row of VAT of one document; what a credit note takes back is below zero."""

    document: str
    day: date
    nature: str
    currency: str
    rate_pct: Decimal | None
    category: str
    net_cents: int
    vat_cents: int
    to_consumer: bool = True
    country: str = "FR"  # of the buyer: a consumer's sale is taxed there


@dataclass(frozen=True, slots=True)
class ReportRow:
    """What was sold on a day in one category at one rate, over so many documents."""

    day: date
    to_consumer: bool
    kind: str
    currency: str
    rate_pct: Decimal
    net_cents: int
    vat_cents: int
    documents: int


def report(sales: Iterable[Sale]) -> list[ReportRow]:
    """Return the rows of a period's report, in order.

    Nothing that was sold is left out, nothing counts twice.
    """
    found: dict[tuple[date, bool, str, str, Decimal], list[Sale]] = {}
    for sale in sales:
        key = (sale.day, sale.to_consumer, _kind(sale), sale.currency, sale.rate_pct or Decimal(0))
        found.setdefault(key, []).append(sale)
    return [
        ReportRow(
            *key,
            sum(each.net_cents for each in rows),
            sum(each.vat_cents for each in rows),
            len({each.document for each in rows}),
        )
        for key, rows in sorted(found.items(), key=lambda item: (item[0][0], not item[0][1], *item[0][2:]))
    ]


def _kind(sale: Sale) -> str:
    """Return the category of e-reporting: what another member state taxes is none of French VAT (CGI 258 A,
    259 D), whatever its rate.
    """
    if sale.category != "S" or (sale.to_consumer and sale.country not in FRENCH):
        return UNTAXED
    return GOODS if sale.nature == "goods" else SERVICES
