"""LG-S6.1: excluding VAT to professionals, including it to consumers, in the country's currency, from a dated
list.
"""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.catalogue.policy.prices import Listed, NotOnTheList, ShownPrice, currency_for, listed, shown
from billing.models import Order, PriceList
from demo.factories.billing import ContactFactory, quote_sent
from isolation.context import inside_operator
from tests.billing.carts import PRACTICE, TEACHER, dear, order, put
from tests.billing.carts import shown as review
from tests.billing.support import rows_of, url
from tests.clauses.stage import live, plain, read, sign, visitor

CLAUSE = "LG-S6.1"


@pytest.mark.parametrize(
    ("country", "currency"),
    [("FR", "EUR"), ("RE", "EUR"), ("DE", "EUR"), ("CA", "CAD"), ("AE", "AED"), ("GB", "GBP"), ("CH", "EUR")],
)
def test_the_currency_of_the_country(country, currency):
    assert currency_for(country) == currency


@pytest.mark.parametrize(("rate", "gross"), [("20", 5880), ("8.5", 5317), (None, 4900), ("0", 4900)])
def test_consumers_read_the_price_with_vat_and_professionals_without(rate, gross):
    pct = None if rate is None else Decimal(rate)
    assert shown(4900, pct, consumer=True) == ShownPrice(gross, with_vat=True)
    assert shown(4900, pct, consumer=False) == ShownPrice(4900, with_vat=False)


LIST = [
    Listed(490),
    Listed(450, from_quantity=100),
    Listed(60, term_months=1),
    Listed(400, from_quantity=500),
]


@pytest.mark.parametrize(
    ("quantity", "months", "cents"),
    [
        (1, 0, 490),
        (99, 12, 490),
        (100, 12, 450),
        (499, 0, 450),
        (500, 0, 400),
        (3, 1, 60),
        (1, 24, 980),
        (1, 6, 245),
    ],
)
def test_the_price_of_a_list_by_quantity_and_term(quantity, months, cents):
    assert listed(LIST, quantity=quantity, term_months=months, own_term=12) == cents


def test_what_is_not_on_the_list_is_no_price():
    with pytest.raises(NotOnTheList):
        listed([Listed(10, from_quantity=10)], quantity=9)
    with pytest.raises(NotOnTheList):
        listed([Listed(10, term_months=1)], quantity=1, term_months=6)
    with pytest.raises(ValueError, match="at least one"):
        listed(LIST, quantity=0)


@given(more=st.integers(1, 10_000), less=st.integers(1, 10_000))
def test_more_never_costs_more_a_piece_on_a_list_that_falls(more, less):
    less, more = sorted((less, more))
    assert listed(LIST, quantity=more) <= listed(LIST, quantity=less)


@pytest.mark.usefixtures("as_operator")
def test_one_list_is_in_force_on_a_day():
    old = PriceList.objects.create(name="2026", starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1))
    new = PriceList.objects.create(name="2027", starts_on=date(2027, 1, 1))
    assert list(PriceList.objects.in_force(date(2026, 12, 31))) == [old]
    assert list(PriceList.objects.in_force(date(2027, 1, 1))) == [new]
    assert not old.is_editable(date(2026, 1, 1))
    assert new.is_editable(date(2026, 12, 31))


@pytest.mark.story(
    "LG-S6.1",
    door="page",
    fr="Le prix passe de 14,90 à 19,90 € pendant qu’un particulier lit son récapitulatif : rien n’est "
    "pris à l’ancien prix, le nouveau lui est montré, 23,88 € TTC, et c’est celui qu’il confirme ; "
    "un professionnel lit 19,90 € HT.",
)
def test_a_price_that_changes_before_the_confirmation_is_shown_again_and_taken(browse, shelves):
    """The price goes from 14.90 to 19.90 EUR while a household reads its review: nothing is taken at the old
    price, the new one is shown, 23.88 with VAT, and is the one it confirms; a professional reads 19.90
    without VAT.
    """
    shop = browse(None)
    put(shop, shelves["cartes"])
    shop.post(url("shop_details"), TEACHER)
    shop.post(url("shop_review"), {"method": "transfer"})
    page, seen = review(shop)
    assert "17,88 €" in read(page)
    dear("cartes", 1990)
    again = order(shop, seen=seen)
    assert again.status_code == 422
    assert "23,88 €" in plain(again.content.decode())
    assert rows_of(Order.objects) == []
    assert order(shop).status_code == 302
    (taken,) = rows_of(Order.objects)
    assert taken.gross_cents == 2388 + 708  # and the delivery, 5.90 + 20 %
    other = browse(None)
    put(other, shelves["cartes"], client="professional")
    other.post(url("shop_details"), PRACTICE)
    assert "19,90 €" in read(review(other)[0])


@pytest.mark.story(
    "LG-S6.1",
    door="page",
    fr="Le tarif double après l’envoi d’un devis : signé le dernier jour de sa validité, il vaut à ses "
    "prix ; le lendemain, il ne se signe plus.",
)
def test_a_quote_keeps_its_prices_while_it_is_valid_and_not_a_day_longer(browse, clock, now):
    """The list price doubles after a quote was sent: signed on its last valid day it holds at its own prices;
    the day after, it can't be signed any more.
    """
    with inside_operator():
        contact = ContactFactory()
        one, other = (quote_sent(contact, now=now, method="transfer", quantity=100) for _ in range(2))
    dear("preau-ecole", 980)
    live(clock, date(2026, 12, 16), hour=22)  # 23:00 in Paris
    assert "commande est ferme" in read(sign(visitor(browse, contact), one))
    assert [row.net_cents for row in rows_of(Order.objects)] == [49000]
    live(clock, date(2026, 12, 17), hour=0)
    late = read(sign(visitor(browse, contact), other))
    assert "Ce devis ne peut plus être signé" in late
    assert "DE-2026-000002 périmé" in late
    assert len(rows_of(Order.objects)) == 1
