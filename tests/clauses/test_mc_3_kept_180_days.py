"""MC-3: what a customer leaves behind when it ends all its registrations is kept 180 days, then destroyed."""

from datetime import date

import pytest

from contracts.policy.profiles import KeptPeriod
from contracts.registry import profile
from tenants.policy.keeping import erased_on

CAMPUS = profile("campus", on=date(2026, 11, 16))


def test_the_offer_says_180_days_and_under_which_clause():
    assert (CAMPUS.kept_after_end, CAMPUS.kept_after_end_by) == (KeptPeriod(days=180), "MC-3")


@pytest.mark.parametrize(
    ("ended_on", "gone_on"),
    [
        (date(2026, 11, 16), date(2027, 5, 15)),
        (date(2027, 1, 1), date(2027, 6, 30)),
        (date(2027, 9, 1), date(2028, 2, 28)),  # the 29th of a leap year is not reached
    ],
)
def test_the_180th_day(ended_on, gone_on):
    assert erased_on(ended_on=ended_on, kept=[CAMPUS.kept_after_end]) == gone_on
