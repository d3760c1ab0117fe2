"""Goods are taxed where they are delivered, services where the client is."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.money.gateways.rate_tables import tax_table
from billing.money.policy.address import Address, address_kept
from billing.money.policy.tax import (
    MixedTreatments,
    NumberNeeded,
    Party,
    UnknownTerritory,
    check_together,
    treatment,
)

TODAY = date(2026, 11, 16)
US = Party(country="FR", postcode="44000", vat_number="FR67908000011")
FRENCH = "FR24908000029"
BELGIAN = "BE0403019261"


def to(country, postcode=""):
    return Address("École", "1 rue Haute", postcode, "Ville", country)


def taxed(delivery, nature="goods", country="FR", kind="professional", **where):
    buyer = Party(country=country, kind=kind, **where)
    return treatment(US, buyer, nature, TODAY, table=tax_table(), delivery=delivery)


@pytest.mark.parametrize("kind", ["professional", "consumer", "public_body"])
@pytest.mark.parametrize(
    ("delivery", "rate", "category"),
    [
        (None, "20", "S"),
        (to("FR", "97110"), "8.5", "S"),  # Guadeloupe
        (to("RE", "97400"), "8.5", "S"),
        (to("FR", "97300"), None, "O"),  # Guyane
        (to("CH", "1201"), "0", "G"),
        (to("", "97200"), "8.5", "S"),  # no country said: the client's
    ],
)
def test_a_mainland_client_pays_for_goods_what_their_destination_asks(kind, delivery, rate, category):
    found = taxed(delivery, kind=kind)
    assert (found.rate_pct, found.category) == (rate and Decimal(rate), category)


def test_services_stay_where_the_client_is():
    assert taxed(to("CH", "1201"), "services").rate_pct == 20
    assert taxed(to("FR", "44000"), "services", postcode="97200").rate_pct == Decimal("8.5")


def test_the_other_way_round_a_client_overseas_or_abroad_pays_the_mainlands():
    assert taxed(to("FR", "44000"), postcode="97200").rate_pct == 20
    assert taxed(to("FR", "44000"), country="CA").rate_pct == 20
    assert taxed(to("FR", "44000"), country="BE", vat_number=BELGIAN).rate_pct == 20


def test_within_the_union_the_buyers_own_number_counts_wherever_it_goes():
    assert taxed(to("DE", "20457"), country="BE", vat_number=BELGIAN).category == "K"
    with pytest.raises(NumberNeeded):
        taxed(to("DE", "20457"), country="BE", vat_number="BE0000000000")


def test_a_business_without_a_number_of_another_state_pays_where_the_goods_leave():
    assert taxed(to("DE", "20457"), vat_number=FRENCH).rate_pct == 20
    assert taxed(to("DE", "20457"), country="CA").rate_pct == 20
    assert taxed(to("DE", "20457"), vat_number="DE136695976").category == "K"  # registered there


def test_a_consumers_goods_bear_the_vat_of_the_country_they_go_to():
    assert taxed(to("DE", "20457"), kind="consumer").rate_pct == 19
    assert taxed(to("FR", "44000"), kind="consumer", country="DE").rate_pct == 20


def test_an_export_stands_beside_what_is_used_at_home_and_what_is_outside_the_scope_does_not():
    check_together([taxed(to("CH", "1201")).category, taxed(to("CH", "1201"), "services").category])
    with pytest.raises(MixedTreatments):
        check_together([taxed(to("FR", "97300")).category, taxed(to("FR", "97300"), "services").category])


def test_an_unknown_destination_is_an_error():
    with pytest.raises(UnknownTerritory):
        taxed(to("ZZ"))


@given(
    country=st.sampled_from(["FR", "BE", "CA", "RE", "CH"]),
    where=st.sampled_from(["", "FR", "RE", "DE", "CH", "CA", "GF"]),
    kind=st.sampled_from(["professional", "consumer", "public_body"]),
)
def test_the_address_of_delivery_never_moves_a_service(country, where, kind):
    there = to(where) if where else None
    assert taxed(there, "services", country, kind) == taxed(None, "services", country, kind)


def test_an_address_is_kept_whole_and_read_back():
    address = to("FR", "44000")
    assert address_kept(address.kept()) == address
    assert address_kept({}) is address_kept("") is address_kept(None) is None
    assert address.lines == ["École", "1 rue Haute", "44000 Ville"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (
            "École des Saules\n17 rue des Saules\n44100 Nantes",
            ("École des Saules", "17 rue des Saules", "44100", "Nantes"),
        ),
        ("17 rue des Saules\n44100 Nantes", ("", "17 rue des Saules", "44100", "Nantes")),
        ("Nantes", ("", "", "", "Nantes")),
    ],
)
def test_addresses_of_before_were_kept_in_lines(text, kept):
    found = address_kept(text)
    assert (found.name, found.street, found.postcode, found.city, found.country) == (*kept, "")
