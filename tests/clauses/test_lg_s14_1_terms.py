"""LG-S14.1: a term (month, year, other) runs from the licence's activation date."""

from datetime import date

import pytest

from billing.money.policy.terms import months_later

CLAUSE = "LG-S14.1"


@pytest.mark.parametrize(
    ("activated", "months", "ends"),
    [
        (date(2026, 11, 19), 12, date(2027, 11, 19)),  # half-open: the last day of access is 18 November 2027
        (date(2026, 11, 19), 1, date(2026, 12, 19)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 1), 10, date(2027, 10, 1)),
    ],
)
def test_a_term_runs_from_the_activation(activated, months, ends):
    assert months_later(activated, months) == ends
