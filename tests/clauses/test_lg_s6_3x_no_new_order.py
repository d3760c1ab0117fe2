"""LG-S6.3x: while anything is overdue no new order is taken."""

from billing.collections.policy.suspension import blocks_orders

CLAUSE = "LG-S6.3x"


def test_one_overdue_cent_is_enough():
    assert blocks_orders([0, 1], is_disputed=False) == "overdue"
    assert blocks_orders([0], is_disputed=False) == ""
    assert blocks_orders([], is_disputed=True) == "disputed"
