"""LG-S5.1: an online order is concluded by four steps, in order; by nothing less, whatever happens when."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.orders.policy.online_order import (
    CONFIRMATION,
    PAYMENT,
    REVIEW,
    STEPS,
    TERMS,
    OutOfOrder,
    Steps,
    concluded_at,
    next_step,
    take,
)

START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def at(minutes):
    return START + timedelta(minutes=minutes)


def test_cart_then_terms_then_payment_then_confirmation_conclude():
    steps = Steps()
    for minute, step in enumerate((REVIEW, TERMS, PAYMENT, CONFIRMATION)):
        assert next_step(steps) == step
        assert concluded_at(steps) is None
        steps = take(steps, step, at=at(minute))
    assert next_step(steps) is None
    assert concluded_at(steps) == at(3)
    assert [steps.at(step) for step in STEPS] == [at(0), at(1), at(2), at(3)]


@pytest.mark.parametrize(
    ("taken", "step", "missing"),
    [
        ((), TERMS, REVIEW),
        ((), PAYMENT, REVIEW),
        ((REVIEW,), PAYMENT, TERMS),
        ((REVIEW,), CONFIRMATION, TERMS),
        ((REVIEW, TERMS), CONFIRMATION, PAYMENT),
    ],
)
def test_no_step_goes_before_the_one_that_goes_first(taken, step, missing):
    steps = Steps()
    for minute, each in enumerate(taken):
        steps = take(steps, each, at=at(minute))
    with pytest.raises(OutOfOrder) as refused:
        take(steps, step, at=at(9))
    assert (refused.value.step, refused.value.missing) == (step, missing)


def test_a_step_is_never_earlier_than_the_one_before():
    with pytest.raises(OutOfOrder):
        take(take(Steps(), REVIEW, at=at(5)), TERMS, at=at(4))


def test_a_step_taken_again_keeps_its_first_time():
    steps = take(Steps(), REVIEW, at=at(0))
    assert take(steps, REVIEW, at=at(7)) == steps


def test_there_are_no_other_steps():
    with pytest.raises(ValueError, match="no such step"):
        take(Steps(), "delivery", at=at(0))


@given(events=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 500)), max_size=25))
def test_no_order_of_events_concludes_without_all_four(events):
    steps = Steps()
    asked = set()
    for step, minute in events:
        asked.add(step)
        try:
            steps = take(steps, step, at=at(minute))
        except OutOfOrder:
            continue
    times = [steps.at(step) for step in STEPS]
    known = [each for each in times if each is not None]
    assert known == sorted(known)
    assert None not in times[: len(known)]  # nothing is taken before what goes first
    if concluded_at(steps) is not None:
        assert asked == set(STEPS)
        assert None not in times
        assert concluded_at(steps) == max(known)
