"""LG-S6.3x: while anything is overdue, deliveries are withheld."""

import pytest

from billing.fulfilment.policy.delivery import is_withheld

CLAUSE = "LG-S6.3x"


@pytest.mark.parametrize(
    ("overdue", "disputed", "held"), [(0, False, False), (1, False, True), (0, True, True)]
)
def test_one_cent_overdue_keeps_the_parcel_here(overdue, disputed, held):
    assert is_withheld(overdue_cents=overdue, is_disputed=disputed) is held
