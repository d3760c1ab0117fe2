"""LG-S20.3m: over 30 days either side may terminate; what was not served is refunded pro rata."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.subscriptions.policy.termination import force_majeure_may_end_on, refund_pro_rata

CLAUSE = "LG-S20.3m"
YEAR = {"starts_on": date(2026, 9, 1), "ends_on": date(2027, 9, 1)}


def test_more_than_thirty_days():
    assert force_majeure_may_end_on(date(2026, 10, 1)) == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("unserved", "cents"),
    [
        ([(date(2026, 9, 1), date(2027, 9, 1))], 365_00),
        ([(date(2026, 10, 1), date(2026, 11, 1))], 31_00),
        (
            [(date(2026, 10, 1), date(2026, 11, 1)), (date(2026, 10, 15), date(2026, 11, 1))],
            31_00,
        ),  # counted once
        ([(date(2026, 8, 1), date(2026, 9, 1)), (date(2027, 9, 1), date(2028, 1, 1))], 0),  # outside the term
    ],
)
def test_days_not_served_are_refunded(unserved, cents):
    assert refund_pro_rata(365_00, unserved=unserved, **YEAR) == cents


@given(st.integers(0, 10**9), st.lists(st.tuples(st.dates(), st.dates()), max_size=5))
def test_never_more_than_was_paid(net, unserved):
    assert 0 <= refund_pro_rata(net, unserved=unserved, **YEAR) <= net


def test_a_term_without_days_is_an_error():
    with pytest.raises(ValueError, match="at least one day"):
        refund_pro_rata(1, starts_on=date(2026, 9, 1), ends_on=date(2026, 9, 1), unserved=[])
