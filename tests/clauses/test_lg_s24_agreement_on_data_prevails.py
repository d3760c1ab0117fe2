"""LG-S24: for professionals the DPA prevails over the terms of sale wherever personal data is concerned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.policy.precedence import DPA, SALE, SPECIFIC, USE, days_of_retention, in_order

CLAUSE = "LG-S24"
PROFESSIONALS = ("professional", "public_body")


@pytest.mark.parametrize("client", PROFESSIONALS)
def test_on_personal_data_the_agreement_comes_before_the_terms_of_sale(client):
    assert in_order(client, on_personal_data=True) == (SPECIFIC, DPA, SALE, USE)


@pytest.mark.parametrize("client", [*PROFESSIONALS, "consumer"])
def test_on_anything_else_the_specific_comes_before_the_sale_and_the_sale_before_the_use(client):
    assert in_order(client) == (SPECIFIC, SALE, USE)


def test_a_consumer_has_no_such_agreement():
    assert in_order("consumer", on_personal_data=True) == (SPECIFIC, SALE, USE)


@pytest.mark.parametrize("client", PROFESSIONALS)
@pytest.mark.parametrize(("agreed", "kept"), [(90, 90), (None, 730)])
def test_the_retention_the_controller_set_under_it_holds_before_the_two_years_of_the_sale(
    client, agreed, kept
):
    assert days_of_retention(client, sale_days=730, agreed_days=agreed) == kept


@given(sale=st.integers(0, 1500), agreed=st.integers(0, 1500))
def test_a_consumers_data_is_never_kept_longer_than_either_says(sale, agreed):
    assert days_of_retention("consumer", sale_days=sale, agreed_days=agreed) == min(sale, agreed)
