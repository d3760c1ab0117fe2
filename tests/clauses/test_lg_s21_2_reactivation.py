"""LG-S21.2: for as long as its data are kept, two years, an ended subscription may begin again."""

from datetime import date

import pytest

from billing.subscriptions.policy.renewals import can_reactivate, reactivable_until
from contracts.policy.profiles import KeptPeriod

CLAUSE = "LG-S21.2"
ENDED = date(2026, 11, 16)


def test_two_years_after_the_end():
    assert reactivable_until(ENDED, kept=KeptPeriod(years=2)) == date(2028, 11, 16)


@pytest.mark.parametrize(
    ("today", "may"),
    [
        (date(2026, 11, 15), False),
        (ENDED, True),
        (date(2028, 11, 15), True),
        (date(2028, 11, 16), False),
    ],
)
def test_as_long_as_the_data_are_kept(today, may):
    assert can_reactivate(ENDED, kept=KeptPeriod(years=2), today=today, runs_elsewise=False) is may


def test_neither_what_runs_nor_what_began_again_elsewhere():
    assert not can_reactivate(None, kept=KeptPeriod(years=2), today=ENDED, runs_elsewise=False)
    assert not can_reactivate(ENDED, kept=KeptPeriod(years=2), today=ENDED, runs_elsewise=True)


def test_a_profile_that_keeps_nothing_has_no_way_back():
    assert not can_reactivate(ENDED, kept=KeptPeriod(), today=ENDED, runs_elsewise=False)
