"""LG-S6.3x: while anything is overdue, deliveries are withheld."""

import pytest

from billing.fulfilment.policy.delivery import is_withheld

CLAUSE = "LG-S6.3x"


@pytest.mark.parametrize(
    ("overdue", "unfunded", "held"), [(0, 0, False), (1, 0, True), (0, 1, True), (-1, -1, False)]
)
def test_one_cent_overdue_or_taken_back_keeps_the_parcel_here(overdue, unfunded, held):
    assert is_withheld(overdue_cents=overdue, unfunded_cents=unfunded) is held
