"""The contract's own figures about orders and what they cost, for the pages of their clauses and the
tests.
"""

from datetime import date

from billing.orders.policy.orders import payment_term
from contracts.gateways.holidays import public_holidays
from contracts.policy.cases import DAY, case


def _last_day(confirmed_on: date, subdivision: str | None = None) -> date:
    """Return the last of the seven business days an order of a day waits for its money, in France."""
    return payment_term(
        quoted_on=confirmed_on,
        confirmed_on=confirmed_on,
        business_days=7,
        holidays=public_holidays("FR", subdivision, (confirmed_on.year, confirmed_on.year + 1)),
    ).last_day


case(
    "LG-S5.2c",
    "Confirmed on 1 April 2026: seven business days, Easter Monday not counted",
    "Confirmée le 1er avril 2026 : sept jours ouvrés, sans le lundi de Pâques",
    lambda: _last_day(date(2026, 4, 1)),
    date(2026, 4, 13),
    DAY,
)
case(
    "LG-S5.2c",
    "The same in Alsace, where Good Friday is a holiday",
    "La même en Alsace, où le Vendredi saint est férié",
    lambda: _last_day(date(2026, 4, 1), "6AE"),
    date(2026, 4, 14),
    DAY,
)
