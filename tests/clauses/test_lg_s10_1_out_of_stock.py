"""LG-S10.1: gone while in the cart, the client chooses; gone after, an equivalent with their word only, or a refund."""

from datetime import date

import pytest

from billing.policy.delivery import refund_when_impossible
from billing.policy.shelves import OutOfStock, after_validation, check_stock

CLAUSE = "LG-S10.1"


def test_what_is_there_can_be_validated():
    check_stock({"box": 3, "school": 400}, {"box": 3, "school": None})


@pytest.mark.parametrize(("left", "choices"), [(0, ("equivalent", "remove")), (2, ("equivalent", "fewer", "remove"))])
def test_the_client_chooses_before_validating(left, choices):
    with pytest.raises(OutOfStock) as out:
        check_stock({"box": 3, "map": 1}, {"box": left, "map": 1})
    (short,) = out.value.shortages
    assert (short.product, short.wanted, short.left, short.choices) == ("box", 3, left, choices)


@pytest.mark.parametrize(("word", "then"), [(None, "ask"), (True, "equivalent"), (False, "refund")])
def test_after_validating_only_their_express_word_counts(word, then):
    assert after_validation(client_agrees=word) == then


def test_all_is_refunded_within_thirty_days():
    assert refund_when_impossible(date(2026, 11, 16)) == date(2026, 12, 16)
