"""LG-S5.1r: a quantity abnormal for a consumer, by the product's own threshold, is a ground to refuse."""

import pytest

from billing.catalogue.policy.catalogue import abnormal

CLAUSE = "LG-S5.1r"
LIMITS = {"box": 10, "family": 3, "school": None}


@pytest.mark.parametrize(
    ("bought", "found"),
    [
        ({"box": 9}, {}),
        ({"box": 10}, {"box": 10}),
        ({"school": 400, "family": 4}, {"family": 3}),
        ({"other": 99}, {}),
    ],
)
def test_the_threshold_is_the_products(bought, found):
    assert abnormal(bought, LIMITS, consumer=True) == found


def test_a_professional_may_buy_many():
    assert abnormal({"box": 1000}, LIMITS, consumer=False) == {}
