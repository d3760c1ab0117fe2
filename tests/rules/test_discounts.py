"""A discount never takes off more than is sold, and its parts add up to the cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.catalogue.policy.discount import Discount, Part, TooMuchDiscount, spread_discount

RATES = st.sampled_from([Decimal(20), Decimal("5.5"), Decimal(0), None])
LINES = st.lists(st.tuples(st.integers(0, 10**7), RATES), min_size=1, max_size=12)


def test_a_percentage_is_taken_once_per_rate():
    lines = [(106820, Decimal(20)), (1250, Decimal("5.5")), (3333, Decimal(20))]
    assert spread_discount(Discount(pct=Decimal(5)), lines) == (
        Part(Decimal(20), 5508),
        Part(Decimal("5.5"), 63),
    )


def test_an_amount_is_shared_in_proportion():
    assert spread_discount(Discount(cents=100), [(100, Decimal(20)), (200, Decimal("5.5"))]) == (
        Part(Decimal(20), 33),
        Part(Decimal("5.5"), 67),
    )


def test_no_discount_is_no_line():
    assert spread_discount(Discount(), [(100, Decimal(20))]) == ()
    assert spread_discount(Discount(pct=Decimal(0)), [(100, Decimal(20))]) == ()


@given(LINES, st.data())
def test_an_amount_adds_up_to_the_cent_and_never_turns_a_rate_below_zero(lines, data):
    total = sum(net for net, _ in lines)
    cents = data.draw(st.integers(0, total))
    parts = spread_discount(Discount(cents=cents), lines)
    assert sum(part.cents for part in parts) == cents
    for part in parts:
        assert 0 < part.cents <= sum(net for net, rate in lines if rate == part.rate)


@given(LINES, st.decimals(0, 100, places=2))
def test_a_percentage_never_takes_more_than_is_sold(lines, pct):
    parts = spread_discount(Discount(pct=pct), lines)
    assert sum(part.cents for part in parts) <= sum(net for net, _ in lines)


@pytest.mark.parametrize(
    "discount",
    [Discount(pct=Decimal(101)), Discount(pct=Decimal(-1)), Discount(cents=101), Discount(cents=-1)],
)
def test_more_than_is_sold_is_refused(discount):
    with pytest.raises(TooMuchDiscount):
        spread_discount(discount, [(100, Decimal(20))])
