"""LG-S6.1e: an order with a manifest price error is cancelled once the client was told why.

What was paid is refunded.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.orders.policy.price_error import NoError, NotTold, cancel_for_price_error

WHY = "Le prix affiché était de 1,49 € au lieu de 149,00 €."


def test_all_that_was_paid_is_refunded():
    assert cancel_for_price_error(asked_cents=149, right_cents=14900, told=WHY, paid_cents=179) == 179
    assert cancel_for_price_error(asked_cents=149, right_cents=14900, told=WHY, paid_cents=0) == 0


@pytest.mark.parametrize("told", ["", "   ", "\n"])
def test_never_without_telling_why(told):
    with pytest.raises(NotTold):
        cancel_for_price_error(asked_cents=149, right_cents=14900, told=told, paid_cents=179)


@pytest.mark.parametrize("right", [149, 148, 0])
def test_a_price_that_is_not_too_low_is_no_error(right):
    with pytest.raises(NoError):
        cancel_for_price_error(asked_cents=149, right_cents=right, told=WHY, paid_cents=179)


def test_amounts_are_never_below_zero():
    with pytest.raises(ValueError, match="below zero"):
        cancel_for_price_error(asked_cents=1, right_cents=2, told=WHY, paid_cents=-1)


@given(asked=st.integers(0, 10**7), more=st.integers(1, 10**7), paid=st.integers(0, 10**7))
def test_the_refund_is_exactly_what_was_paid(asked, more, paid):
    assert (
        cancel_for_price_error(asked_cents=asked, right_cents=asked + more, told=WHY, paid_cents=paid) == paid
    )
