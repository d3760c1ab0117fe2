"""Methods are set per product; a cheque needs enough users and costs 18.00 including VAT."""

from decimal import Decimal

import pytest

from billing.catalogue.policy.methods import MethodRefused, Offer, check_method, cheque_fee, methods_for
from billing.models import CartLine, Order
from billing.money.policy.vat import Split
from tests.billing.carts import PRACTICE, only_order, order, put, shown
from tests.billing.support import rows_of, url
from tests.clauses.stage import read

OFFERS = {
    "school": Offer({"cheque", "transfer"}, cheque_min_users=10),
    "record": Offer({"cheque", "transfer", "card"}, cheque_min_users=30),
    "family": Offer({"card"}),
}


@pytest.mark.parametrize(
    ("rate", "net", "vat"),
    [(Decimal(20), 1500, 300), (Decimal("8.5"), 1659, 141), (None, 1800, 0), (Decimal(0), 1800, 0)],
)
def test_the_fee_taken_apart(rate, net, vat):
    assert cheque_fee("cheque", rate_pct=rate, fee_cents=1800) == Split(net, vat)


def test_other_methods_cost_nothing():
    assert cheque_fee("transfer", rate_pct=Decimal(20), fee_cents=1800) is None


def test_a_cheque_needs_the_products_least_number_of_users():
    assert methods_for({"school": 9}, OFFERS) == {"transfer"}
    assert methods_for({"school": 10}, OFFERS) == {"transfer", "cheque"}
    check_method("cheque", {"school": 10}, OFFERS)
    with pytest.raises(MethodRefused) as refused:
        check_method("cheque", {"school": 10, "record": 29}, OFFERS)
    assert refused.value.min_users == 30


def test_products_bought_together_share_their_methods():
    assert methods_for({"school": 10, "record": 30}, OFFERS) == {"transfer", "cheque"}
    assert methods_for({"school": 10, "family": 1}, OFFERS) == frozenset()
    assert methods_for({}, OFFERS) == frozenset()
    with pytest.raises(MethodRefused) as refused:
        check_method("card", {"school": 10}, OFFERS)
    assert refused.value.min_users is None


@pytest.mark.parametrize("currency", ["CAD", "AED", "GBP"])
def test_a_cheque_is_in_euros_only(currency):
    assert methods_for({"school": 10}, OFFERS, currency=currency) == {"transfer"}
    with pytest.raises(MethodRefused) as refused:
        check_method("cheque", {"school": 10}, OFFERS, currency=currency)
    assert refused.value.min_users is None


@pytest.mark.story(
    "LG-S6.2",
    door="page",
    fr="Un cabinet choisit le chèque, ouvert à partir de trois utilisateurs, puis retombe à deux : le "
    "chèque n’est plus proposé et rien n’est pris ; revenu à trois, il paie 18,00 € de frais TTC, "
    "sur une ligne à part.",
)
def test_a_cheque_chosen_for_three_users_is_gone_at_two_and_costs_18_euros_at_three(browse, shelves):
    """A practice chooses the cheque, open from three users on, then goes down to two: the cheque is offered
    no more and nothing is taken; back at three, it pays a fee of 18.00 EUR with VAT, on a line of its own.
    """
    shop = browse(None)
    put(shop, shelves["cabinet"], 3, client="professional")
    shop.post(url("shop_details"), PRACTICE | {"school": "Cabinet Tisserand"})
    shop.post(url("shop_review"), {"method": "cheque"})
    page, seen = shown(shop)
    assert "Frais de traitement du chèque 15,00 € HT" in read(page)
    (line,) = rows_of(CartLine.objects)
    shop.post(url("shop_cart"), {f"quantity-{line.pk}": "2"})
    at_two = read(shown(shop)[0])
    assert "Moyens de paiement virement Droit" in at_two
    assert "chèque" not in at_two
    assert order(shop, seen=seen).status_code == 422
    assert rows_of(Order.objects) == []
    shop.post(url("shop_cart"), {f"quantity-{line.pk}": "3"})
    assert order(shop, method="cheque").status_code == 302
    placed = read(shop.get(url("portal_order", only_order().pk)))
    assert "Frais de traitement du chèque 1 15,00 € 20 % 15,00 €" in placed
    assert "Total TTC 104,40 €" in placed  # 3 x 24.00 + 15.00, + 20 %
