"""Methods are set per product; a cheque needs enough users and costs 18.00 including VAT."""

from decimal import Decimal

import pytest

from billing.catalogue.policy.methods import MethodRefused, Offer, check_method, cheque_fee, methods_for
from billing.money.policy.vat import Split

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
    assert cheque_fee("cheque", rate_pct=rate) == Split(net, vat)


def test_other_methods_cost_nothing():
    assert cheque_fee("transfer", rate_pct=Decimal(20)) is None


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
