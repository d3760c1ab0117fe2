"""LG-S6.1: excluding VAT to professionals, including it to consumers, in the country's currency, from a dated
list.
"""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.catalogue.policy.prices import Listed, NotOnTheList, Shown, currency_for, listed, shown
from billing.models import PriceList

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
    assert shown(4900, pct, consumer=True) == Shown(gross, with_vat=True)
    assert shown(4900, pct, consumer=False) == Shown(4900, with_vat=False)


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
