"""LG-S6.1e: an order with a manifest price error is cancelled once the client was told why.

What was paid is refunded.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.orders.policy.price_error import NoError, NotTold, cancel_for_price_error
from tests.billing.carts import TEACHER, bought, dear, only_order
from tests.billing.support import url
from tests.clauses.stage import by_card, desk, later, mails, plain, read

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


@pytest.mark.story(
    "LG-S6.1e",
    door="page",
    fr="Un jeu à 14,90 € est vendu 0,15 € ; payé et confirmé, il est annulé parce que le prix était une "
    "erreur : le client lit pourquoi, et tout ce qu’il a payé lui est rendu.",
)
def test_a_paid_order_at_a_hundredth_of_its_price_is_cancelled_told_refunded(
    browse, clock, now, shelves, provider
):
    """A deck worth 14.90 EUR is sold at 0.15; paid and confirmed, it is cancelled for its price was an error:
    the client reads why, and all they paid is given back.
    """
    dear("cartes", 15)
    shop = browse(None)
    by_card(provider, bought(shop, shelves["cartes"], TEACHER, 2, method="card"), clock)
    placed = only_order()
    assert len(mails("confirmée")) == 1
    finance = desk(browse, now)
    wrong = {"because_of": "price_error", "words": "", "right_price": "35,76"}
    finance = desk(browse, now)
    assert finance.post(url("order_refuse", placed.pk), wrong).status_code == 422  # never untold
    wrong["words"] = "Le prix affiché était de 0,15 € au lieu de 14,90 €."
    lower = wrong | {"right_price": "5,00"}
    assert finance.post(url("order_refuse", placed.pk), lower).status_code == 422  # no error to take back
    finance.post(url("order_refuse", placed.pk), wrong)
    later(clock, minutes=3)
    told = plain(mails("")[-1].body)
    assert "au lieu de 14,90 €" in told
    assert "42,91 €" in told
    back = [row["amount"] for row in provider.book.rows.values() if row["object"] == "refund"]
    assert back == [placed.gross_cents] == [36 + 708]  # two at 0.15 + 20 %, and the delivery
    assert "annulée" in read(shop.get(url("portal_order", placed.pk)))
