"""LG-S14.2a: automatic renewal for an identical period, unless terminated before the renewal date."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.policy.renewal import Term, next_term, renews_by_itself

CLAUSE = "LG-S14.2a"
ENDS = date(2027, 1, 31)


def test_the_next_period_is_as_long_and_a_31st_stays_a_31st():
    activated = date(2027, 1, 31)
    first = Term(activated, date(2027, 2, 28))
    second = next_term(first, activated_on=activated, months=1)
    third = next_term(second, activated_on=activated, months=1)
    assert second == Term(date(2027, 2, 28), date(2027, 3, 31), 2)
    assert third == Term(date(2027, 3, 31), date(2027, 4, 30), 3)


@pytest.mark.parametrize(("terminated", "renews"), [(None, True), (ENDS, False), (date(2028, 1, 31), True)])
def test_a_termination_for_the_renewal_day_stops_it(terminated, renews):
    assert renews_by_itself("automatic", terminated_on=terminated, ends_on=ENDS) is renews


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.sampled_from([1, 3, 6, 10, 12, 24]))
def test_terms_follow_each_other_without_gap_or_overlap(activated, months):
    term = Term(
        activated, next_term(Term(activated, activated, 0), activated_on=activated, months=months).ends_on
    )
    for _each in range(6):
        after = next_term(term, activated_on=activated, months=months)
        assert after.starts_on == term.ends_on < after.ends_on
        term = after
