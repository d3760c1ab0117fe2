"""Closed accounts stay closed, whatever the day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.accounting.policy.closing import closable_ends
from billing.money.policy.closed import PeriodClosed, check_open, moved_into_open

DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))


@given(day=DAYS, first=DAYS)
def test_a_day_is_refused_exactly_when_it_comes_before_the_first_open_one(day, first):
    if day < first:
        with pytest.raises(PeriodClosed) as closed:
            check_open(None, day, first_open_on=first)
        assert (closed.value.day, closed.value.first_open_on) == (day, first)
    else:
        check_open(None, day, first_open_on=first)
    check_open(day, first_open_on=None)


@given(day=DAYS, first=st.none() | DAYS)
def test_what_is_moved_is_open_and_moved_no_further_than_needed(day, first):
    moved = moved_into_open(day, first_open_on=first)
    check_open(moved, first_open_on=first)
    assert moved in {day, first}
    assert moved >= day


@given(first=DAYS, days=st.integers(0, 800))
def test_only_whole_months_that_are_over_can_be_closed(first, days):
    today = first + timedelta(days=days)
    ends = closable_ends(first_open_on=first, today=today)
    assert ends == sorted(set(ends))
    assert all(end.day == 1 and first < end <= today for end in ends)
    assert (today.replace(day=1) > first) == bool(ends)


def test_november_can_be_closed_on_the_first_of_december():
    assert closable_ends(first_open_on=date(2026, 10, 1), today=date(2026, 11, 30)) == [date(2026, 11, 1)]
    assert closable_ends(first_open_on=date(2026, 10, 1), today=date(2026, 12, 1)) == [
        date(2026, 11, 1),
        date(2026, 12, 1),
    ]
