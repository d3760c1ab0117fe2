"""LG-S5.1r: a quantity abnormal for a consumer, by the product's own threshold, is a ground to refuse."""

import pytest

from billing.catalogue.policy.catalogue import abnormal
from billing.models import CartLine, Order, Product
from isolation.context import inside_operator
from tests.billing.carts import TEACHER, bought, order
from tests.billing.support import rows_of, url
from tests.clauses.stage import later, mails

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


@pytest.mark.story(
    "LG-S5.1r",
    door="page",
    fr="Un particulier commande vingt jeux de cartes, seuil fixé pour ce produit : refusé, le motif "
    "affiché puis écrit ; il en garde dix-neuf, et la commande est prise.",
)
def test_twenty_are_refused_to_a_household_with_the_reason_and_nineteen_are_taken(browse, clock, shelves):
    """A household orders twenty decks, the threshold of this product: refused, the reason shown and then
    written; it keeps nineteen, and the order is taken.
    """
    with inside_operator():
        Product.objects.filter(key="cartes").update(stock=50)
    shop = browse(None)
    answer = bought(shop, shelves["cartes"], TEACHER, 20, method="transfer")
    assert answer.status_code == 422
    assert "bien plus" in answer.content.decode()
    assert rows_of(Order.objects) == []
    later(clock, minutes=2)
    (told,) = mails("pas pu prendre")
    assert told.to == [TEACHER["email"]]
    assert "La quantité dépasse de loin" in told.body
    (line,) = rows_of(CartLine.objects)
    shop.post(url("shop_cart"), {f"quantity-{line.pk}": "19"})
    assert order(shop).status_code == 302
    assert len(rows_of(Order.objects)) == 1
