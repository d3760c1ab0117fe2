"""LG-S6.1s: processing, shipping and delivery are separate lines, shown before final confirmation."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.catalogue.policy.charges import Charge, charges
from billing.catalogue.policy.methods import cheque_fee
from billing.models import Product
from isolation.context import inside_operator
from tests.billing.carts import PRACTICE, only_order, order, put, shown
from tests.billing.support import url
from tests.clauses.stage import read

FEE = cheque_fee("cheque", rate_pct=Decimal(20), fee_cents=1800)


def test_each_charge_is_a_line_of_its_own():
    assert charges(shipping_cents=990, processing=FEE) == (
        Charge("shipping", 990),
        Charge("cheque_fee", 1500),
    )


def test_nothing_is_said_of_what_is_not_asked():
    assert charges() == ()
    assert charges(shipping_cents=990) == (Charge("shipping", 990),)
    assert charges(processing=FEE) == (Charge("cheque_fee", 1500),)


@given(st.integers(0, 10**7), st.booleans())
def test_no_cent_of_a_charge_is_lost_or_hidden(shipping, by_cheque):
    found = charges(shipping_cents=shipping, processing=FEE if by_cheque else None)
    assert sum(charge.net_cents for charge in found) == shipping + (1500 if by_cheque else 0)
    assert len({charge.kind for charge in found}) == len(found)


def test_shipping_is_never_below_zero():
    with pytest.raises(ValueError, match="below zero"):
        charges(shipping_cents=-1)


@pytest.mark.story(
    "LG-S6.1s",
    door="page",
    fr="Avant de confirmer, l’acheteur lit la livraison sur sa ligne ; il passe à sept jeux, au-dessus "
    "de 100 €, et la ligne disparaît ; il choisit le chèque, et ses frais ont la leur, sur la "
    "commande aussi.",
)
def test_delivery_and_cheque_fee_stand_on_their_own_lines_before_the_confirmation(browse, shelves):
    """Before confirming, the buyer reads the delivery on a line of its own; with seven decks, above 100 EUR,
    that line goes; they choose the cheque, and its fee has its own, on the order too.
    """
    with inside_operator():
        Product.objects.filter(key="cartes").update(stock=50)
    shop = browse(None)
    put(shop, shelves["cartes"], 6, client="professional")
    shop.post(url("shop_details"), PRACTICE)
    assert "Livraison 5,90 € HT Total HT 95,30 €" in read(shown(shop)[0])
    put(shop, shelves["cartes"], 1, client="professional")
    page = read(shown(shop)[0])
    assert "7 × 14,90 € = 104,30 € HT" in page
    assert "Livraison" not in page
    shop.post(url("shop_review"), {"method": "cheque"})
    assert "Frais de traitement du chèque 15,00 € HT Total HT 119,30 €" in read(shown(shop)[0])  # 18.00 TTC
    order(shop)
    placed = read(shop.get(url("portal_order", only_order().pk)))
    assert "Frais de traitement du chèque 1 15,00 € 20 % 15,00 €" in placed
    assert "Total TTC 143,16 €" in placed
