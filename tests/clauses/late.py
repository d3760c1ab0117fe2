"""The golden rows of late payment, as the policy takes them."""

from datetime import date
from typing import Any

from billing.collections.policy.late_interest import InterestCalculation, late_interest
from billing.invoicing.policy.paid import Payment
from billing.money.gateways.rate_tables import interest_rates
from billing.money.policy.money import parse_amount
from tests.golden import rows


def golden(*regimes: str) -> list[Any]:
    """Return the golden rows of these regimes."""
    return [row for row in rows("late_interest") if row["regime"] in regimes]


def payments(text: str) -> list[Payment]:
    """Return the payments of a golden row: 2026-03-02:1400.00|2026-04-01:1000.00."""
    pairs = [part.split(":") for part in text.split("|")]
    return [Payment(date.fromisoformat(day), parse_amount(amount)) for day, amount in pairs]


def statement_of(row: dict[str, str], **more: Any) -> InterestCalculation:
    """Return the statement of a golden row."""
    start = date.fromisoformat(row["due"].removeprefix("formal notice "))
    return late_interest(
        customer_type=row["regime"],
        amount_cents=parse_amount(row["amount_ttc_eur"]),
        due_on=start,
        notice_on=start,
        payments=payments(row["payments"]),
        rates=interest_rates(),
        **{"flat_fee_cents": 4000} | more,
    )
