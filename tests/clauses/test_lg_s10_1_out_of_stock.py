"""LG-S10.1: gone while in the cart, the client chooses.

Gone after, an equivalent with their word only, or a refund.
"""

from dataclasses import replace
from datetime import date

import pytest

from billing.catalogue.policy.shelves import (
    OutOfStock,
    after_validation,
    answer_by,
    check_stock,
    price_instead,
)
from billing.fulfilment.policy.delivery import refund_when_impossible
from billing.returns.policy.withdrawal import Bought, withdrawn_cents

CLAUSE = "LG-S10.1"


def test_what_is_there_can_be_validated():
    check_stock({"box": 3, "school": 400}, {"box": 3, "school": None})


@pytest.mark.parametrize(
    ("left", "choices"), [(0, ("equivalent", "remove")), (2, ("equivalent", "fewer", "remove"))]
)
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


def test_an_answer_is_awaited_for_a_week_so_that_the_refund_is_there_in_time():
    assert answer_by(date(2026, 11, 16)) == date(2026, 11, 23) < refund_when_impossible(date(2026, 11, 16))


@pytest.mark.parametrize(("listed", "asked"), [(890, 890), (1500, 1500), (4000, 1500)])
def test_an_equivalent_never_costs_more_than_what_was_agreed(listed, asked):
    assert price_instead(paid_cents=1500, listed_cents=listed) == asked


def test_a_cheaper_one_lowers_the_price_and_a_withdrawal_gives_back_the_rest():
    line = Bought(1, "product", 3, 4500, is_goods=True, lowered_cents=1220)
    fee = Bought(2, "shipping", 1, 590)
    assert withdrawn_cents([line, fee]) == {1: 1220}
    assert withdrawn_cents([replace(line, withdrawn=1), fee]) == {1: 1220 + 1093}
    assert withdrawn_cents([replace(line, withdrawn=3), fee]) == {1: 4500, 2: 590}
