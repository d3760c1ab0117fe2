"""LG-D5: the controller sets how long each category is kept; less than promised, never more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpa.policy.retention import LongerThanPromised, accepted, kept_for

days = st.integers(1, 4000)


def test_two_years_promised_one_year_set():
    assert kept_for(promised_days=730, controller_days=365) == 365


def test_nothing_set_keeps_what_was_promised():
    assert kept_for(promised_days=730, controller_days=None) == 730


def test_more_than_promised_is_refused_with_the_ceiling():
    with pytest.raises(LongerThanPromised) as refused:
        accepted(days=731, promised_days=730)
    assert refused.value.ceiling == 730


@pytest.mark.parametrize("nonsense", [0, -1])
def test_less_than_a_day_is_refused(nonsense):
    with pytest.raises(ValueError, match="one day"):
        accepted(days=nonsense, promised_days=730)


@given(promised=days, wanted=days)
def test_what_is_accepted_is_what_is_kept_and_never_more_than_promised(promised, wanted):
    assert kept_for(promised_days=promised, controller_days=wanted) <= promised
    if wanted <= promised:
        assert (
            kept_for(promised_days=promised, controller_days=accepted(days=wanted, promised_days=promised))
            == wanted
        )
