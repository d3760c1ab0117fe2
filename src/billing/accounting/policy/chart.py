"""The chart of accounts: what each kind of movement is booked on, as the operator's file says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

RECEIVABLE = "receivable"

IN_HAND = "receivable_in_hand"

DOWN_PAYMENTS = "down_payments"

VAT_DUE = "vat_due"

VAT_PENDING = "vat_pending"

DEFERRED = "deferred_revenue"

CHEQUES = "cheques_in_hand"

AWAITED = "funds_awaited"

BANK = "bank"

PROVIDER = "provider"

PROVIDER_FEES = "provider_fees"

FLAT_FEES = "flat_fees"

INTEREST = "interest"

BAD_DEBTS = "bad_debts"

REVENUE = ("services", "goods", "fees", "discounts")

ROLES = (
    RECEIVABLE,
    IN_HAND,
    DOWN_PAYMENTS,
    VAT_DUE,
    VAT_PENDING,
    DEFERRED,
    CHEQUES,
    AWAITED,
    BANK,
    PROVIDER,
    PROVIDER_FEES,
    *REVENUE,
    FLAT_FEES,
    INTEREST,
    BAD_DEBTS,
)

JOURNALS = (
    "sales",
    "bank",
    "provider",
    "cheques",
    "refunds",
    "fees",
    "vat",
    "deferred",
    "interest",
    "write_offs",
)

_NUMBER = re.compile(r"[0-9A-Z]{3,12}")

_CODE = re.compile(r"[0-9A-Z]{2,6}")


class BadChart(ValueError):
    """Raised when the file of accounts lacks something, or names something twice or badly; says what."""


@dataclass(frozen=True, slots=True)
class Named:
    """An account or a journal: its number or code, and what it is called."""

    number: str
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The accounts by what is booked on them, the journals by what is written in them."""

    accounts: Mapping[str, Named]
    journals: Mapping[str, Named]
    labels: Mapping[str, str]
    year_starts_in: int

    def fiscal_year(self, day: date) -> int:
        """Return the year in which the financial year of a day began."""
        return day.year if day.month >= self.year_starts_in else day.year - 1

    def label_of(self, number: str) -> str:
        """Return what an account is called, or was."""
        return self.labels.get(number, number)


def chart_of(told: Mapping[str, Any]) -> Chart:
    """Return the chart that a file says. Raises BadChart."""
    accounts = _named(told, "accounts", "number", ROLES, _NUMBER)
    journals = _named(told, "journals", "code", JOURNALS, _CODE)
    month = told.get("fiscal_year_starts_in")
    if not isinstance(month, int) or not 1 <= month <= 12:
        raise BadChart("fiscal_year_starts_in is a month, from 1 to 12")
    labels = {str(number): str(label) for number, label in told.get("former", {}).items()}
    labels |= {each.number: each.label for each in accounts.values()}
    return Chart(accounts, journals, labels, month)


def _named(
    told: Mapping[str, Any], what: str, number: str, wanted: tuple[str, ...], form: re.Pattern[str]
) -> dict[str, Named]:
    found: dict[str, Named] = {}
    for key in wanted:
        row = told.get(what, {}).get(key)
        if row is None or not row.get("label") or not form.fullmatch(str(row.get(number, ""))):
            raise BadChart(f"{what}.{key} needs a {number} and a label")
        found[key] = Named(str(row[number]), " ".join(str(row["label"]).split()))
    if len({each.number for each in found.values()}) < len(found):
        raise BadChart(f"two of the {what} have the same {number}")
    return found
