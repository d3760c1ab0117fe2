"""What holds for every count of business days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.policy.calendar import (
    add_business_days,
    days_of,
    is_business_day,
    years_reached,
)

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
OFF = st.frozensets(st.dates(date(2020, 1, 1), date(2037, 12, 31)), max_size=40)


@given(start=DAYS, days=st.integers(1, 60), holidays=OFF, closed=OFF)
def test_the_last_day_is_a_business_day_and_counts_back_to_the_number(start, days, holidays, closed):
    end = add_business_days(start, days, holidays=holidays, closed=closed)
    assert is_business_day(end, holidays=holidays, closed=closed)
    after = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    assert sum(is_business_day(day, holidays=holidays, closed=closed) for day in after) == days


@given(start=DAYS, first=st.integers(0, 30), then=st.integers(0, 30), holidays=OFF)
def test_two_counts_in_a_row_are_one(start, first, then, holidays):
    there = add_business_days(start, first, holidays=holidays)
    assert add_business_days(there, then, holidays=holidays) == add_business_days(
        start, first + then, holidays=holidays
    )


@given(start=DAYS, days=st.integers(0, 60), holidays=OFF, one_more=DAYS)
def test_a_day_off_more_never_ends_sooner(start, days, holidays, one_more):
    assert add_business_days(start, days, holidays=holidays | {one_more}) >= add_business_days(
        start, days, holidays=holidays
    )


@given(start=DAYS, days=st.integers(0, 2000))
def test_the_years_asked_for_reach_the_end(start, days):
    holidays = frozenset(
        date(year, month, day) for year in range(2020, 2046) for month in (1, 5, 8) for day in (1, 2, 3, 4)
    )
    assert add_business_days(start, days, holidays=holidays).year in years_reached(start, days)


@given(start=DAYS, length=st.integers(0, 50))
def test_periods_are_half_open(start, length):
    days = days_of([(start, start + timedelta(days=length))])
    assert len(days) == length
    assert start + timedelta(days=length) not in days


def test_a_negative_number_is_refused():
    with pytest.raises(ValueError, match="never negative"):
        add_business_days(date(2026, 1, 1), -1, holidays=frozenset())
