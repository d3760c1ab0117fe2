"""What the law wants kept is kept apart: issued documents stay ten years, whoever is erased meanwhile."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.invoicing.policy.retention import kept_until, year_id


@pytest.mark.parametrize(
    ("issued_on", "until"),
    [
        (date(2026, 1, 1), date(2037, 1, 1)),
        (
            date(2026, 12, 31),
            date(2037, 1, 1),
        ),  # ten years after the end of the financial year, not of the day
        (date(2027, 1, 1), date(2038, 1, 1)),
    ],
)
def test_ten_years_after_the_financial_year(issued_on, until):
    assert kept_until(issued_on) == until


@given(st.dates(date(2000, 1, 1), date(2080, 12, 31)))
def test_never_less_than_ten_years_never_more_than_eleven(issued_on):
    assert 3652 <= (kept_until(issued_on) - issued_on).days <= 4019


def test_a_year_is_promised_once():
    assert year_id(2026) == year_id(2026) != year_id(2027)
