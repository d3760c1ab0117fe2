"""MC-11: a new price reaches a running subscription at the end of its initial period.

A promotion is no list price.
"""

import pytest

from billing.policy.renewal import price_to_announce

CLAUSE = "MC-11"


@pytest.mark.parametrize(
    ("change", "listed", "announced"),
    [
        (
            "initial_period",
            15_00,
            15_00,
        ),  # bought at 9.00 in a promotion: the list price comes with the renewal
        ("announced_renewal", 15_00, 15_00),
        ("announced_renewal", None, 9_00),  # left the list: it keeps its price
        ("free_or_quoted", 15_00, 9_00),
        ("free", 15_00, 0),
    ],
)
def test_what_a_renewal_announces(change, listed, announced):
    assert price_to_announce(change, current_cents=9_00, list_cents=listed) == announced


def test_a_rule_there_is_not_is_an_error():
    with pytest.raises(ValueError, match="no rule"):
        price_to_announce("whenever", current_cents=1, list_cents=1)
