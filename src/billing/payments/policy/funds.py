"""When money that was proved but never came must be looked for."""

from datetime import date

from contracts.policy.calendar import add_business_days
from contracts.policy.clauses import keeps

PROVED_FUNDS_DAYS = (
    5  # a SEPA transfer takes one banking day; a paper order and a long week-end take a few more
)


@keeps("LG-S5.2d")
def funds_expected_by(
    proved_on: date, *, holidays: frozenset[date], business_days: int = PROVED_FUNDS_DAYS
) -> date:
    """Return the last day on which proved funds may still come without anybody asking.

    Written proof of a transfer's execution stands in for its credit, so somebody must look when the credit
    fails to follow.
    """
    return add_business_days(proved_on, business_days, holidays=holidays)
