"""LG-S12l: active profiles never exceed the licences bought.

The next one is refused with the way to extend.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classrooms.policy.licences import LicencesUsedUp, seats_left

some = st.integers(0, 10_000)


@pytest.mark.parametrize(
    ("bought", "active", "adding", "left"), [(210, 0, 210, 0), (210, 209, 1, 0), (210, 10, 5, 195)]
)
def test_up_to_the_last_licence(bought, active, adding, left):
    assert seats_left(bought=bought, active=active, adding=adding) == left


@pytest.mark.parametrize(
    ("bought", "active", "adding", "short"), [(210, 210, 1, 1), (210, 0, 211, 1), (0, 0, 1, 1), (5, 9, 2, 6)]
)
def test_the_next_one_is_refused_and_the_refusal_says_how_many_are_lacking(bought, active, adding, short):
    with pytest.raises(LicencesUsedUp) as refused:
        seats_left(bought=bought, active=active, adding=adding)
    assert refused.value.short == short
    assert (refused.value.bought, refused.value.active, refused.value.adding) == (bought, active, adding)


def test_fewer_licences_than_before_refuse_no_one_who_is_there():
    assert seats_left(bought=5, active=9, adding=0) == -4


def test_a_negative_number_is_a_mistake():
    with pytest.raises(ValueError, match="never negative"):
        seats_left(bought=1, active=-1, adding=0)


@given(bought=some, active=some, adding=st.integers(1, 10_000))
def test_nobody_is_ever_added_past_the_licences(bought, active, adding):
    try:
        left = seats_left(bought=bought, active=active, adding=adding)
    except LicencesUsedUp:
        assert active + adding > bought
    else:
        assert left >= 0
