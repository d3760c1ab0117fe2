"""How a sale is taxed, place by place: the rate, the category of EN 16931, the reason; never a guess."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.money.gateways.rate_tables import tax_table
from billing.money.policy.rates import UnknownRate
from billing.money.policy.tax import (
    BUSINESS,
    MixedTreatments,
    NumberNeeded,
    Party,
    Treatment,
    UnknownTerritory,
    check_together,
    principal,
    treatment,
)

TODAY = date(2026, 11, 16)
GERMAN = "DE136695976"
AUSTRIAN = "ATU13585627"


def taxed(
    country, kind="professional", nature="services", on=TODAY, tax_key="standard", seller=None, **where
):
    us = seller or Party(country="FR", vat_number="FR67908000011")
    return treatment(
        us, Party(country=country, kind=kind, **where), nature, on, table=tax_table(), tax_key=tax_key
    )


def said(found):
    return found.rate_pct, found.category, found.reason_code


@pytest.mark.parametrize("kind", ["professional", "consumer", "public_body"])
@pytest.mark.parametrize("nature", ["services", "goods"])
@pytest.mark.parametrize(
    ("where", "rate"),
    [
        ({}, "20"),
        ({"subdivision": "57", "postcode": "57000"}, "20"),  # Moselle: holidays of its own, not VAT
        ({"subdivision": "971"}, "8.5"),
        ({"subdivision": "972"}, "8.5"),
        ({"subdivision": "974"}, "8.5"),
        ({"postcode": "97 400"}, "8.5"),  # the postcode alone tells the place
    ],
)
def test_in_france_everyone_pays_the_rate_of_their_place(kind, nature, where, rate):
    assert said(taxed("FR", kind, nature, **where)) == (Decimal(rate), "S", "")


@pytest.mark.parametrize("kind", ["professional", "consumer", "public_body"])
@pytest.mark.parametrize(
    "where", [{"subdivision": "973"}, {"subdivision": "976"}, {"postcode": "97600"}, {"subdivision": "NC"}]
)
def test_no_vat_in_guyane_mayotte_and_the_collectivities(kind, where):
    found = taxed("FR", kind, **where)
    assert said(found) == (None, "O", "VATEX-EU-O")
    assert found.mention_key == "vat_outside_scope"


@pytest.mark.parametrize(
    ("code", "rate"), [("GP", "8.5"), ("MQ", "8.5"), ("RE", "8.5"), ("MC", "20"), ("GF", None), ("YT", None)]
)
def test_french_places_with_a_code_of_their_own(code, rate):
    assert taxed(code).rate_pct == (rate and Decimal(rate))


def test_a_business_of_the_union_accounts_for_the_vat_itself():
    services = taxed("DE", vat_number=GERMAN)
    goods = taxed("AT", nature="goods", vat_number=AUSTRIAN)
    assert said(services) == (Decimal(0), "AE", "VATEX-EU-AE")
    assert said(goods) == (Decimal(0), "K", "VATEX-EU-IC")
    assert (services.mention_key, goods.mention_key) == ("vat_reverse_charge", "vat_union_supply")


@pytest.mark.parametrize("number", ["DE136695977", AUSTRIAN, "DE", "FR67908000011"])
def test_a_wrong_or_foreign_number_is_no_number(number):
    with pytest.raises(NumberNeeded) as missing:
        taxed("DE", vat_number=number)
    assert missing.value.whose == "buyer"


def test_both_numbers_are_needed():
    with pytest.raises(NumberNeeded) as missing:
        taxed("DE", vat_number=GERMAN, seller=Party(country="FR", vat_number=""))
    assert missing.value.whose == "seller"


@pytest.mark.parametrize(
    ("country", "on", "rate"),
    [
        ("DE", TODAY, "19"),
        ("LU", TODAY, "17"),
        ("HU", TODAY, "27"),
        ("FI", TODAY, "25.5"),
        ("GR", TODAY, "24"),
        ("EE", date(2025, 6, 30), "22"),
        ("EE", date(2025, 7, 1), "24"),
        ("RO", date(2025, 7, 31), "19"),
        ("RO", date(2025, 8, 1), "21"),
        ("SK", date(2024, 12, 31), "20"),
        ("SK", date(2025, 1, 1), "23"),
        ("LU", date(2023, 6, 1), "16"),
    ],
)
@pytest.mark.parametrize("nature", ["services", "goods"])
def test_a_consumer_of_the_union_pays_the_vat_of_their_country(country, on, rate, nature):
    assert said(taxed(country, "consumer", nature, on)) == (Decimal(rate), "S", "")


def test_a_business_without_a_number_is_taxed_as_a_consumer():
    assert taxed("IT") == taxed("IT", "consumer") == Treatment(Decimal("22.00"), "S")


def test_a_consumer_with_a_number_stays_a_consumer():
    assert taxed("DE", "consumer", vat_number=GERMAN).rate_pct == 19


@pytest.mark.parametrize("kind", ["professional", "consumer", "public_body"])
@pytest.mark.parametrize("country", ["CA", "AE", "GB", "CH", "US", "MA"])
def test_beyond_the_union_goods_are_exported_and_services_out_of_scope(kind, country):
    assert said(taxed(country, kind)) == (None, "O", "VATEX-EU-O")
    assert said(taxed(country, kind, "goods")) == (Decimal(0), "G", "VATEX-EU-G")


@pytest.mark.parametrize(
    ("country", "where", "rate"),
    [
        ("PT", {"postcode": "9500-321"}, "16"),
        ("PT", {"postcode": "9000-082"}, "22"),
        ("PT", {"postcode": "1100-148"}, "23"),
        ("ES", {"postcode": "35001"}, None),
        ("ES", {"postcode": "28013"}, "21"),
        ("FI", {"subdivision": "01"}, None),
    ],
)
def test_parts_of_the_union_with_rules_of_their_own(country, where, rate):
    assert taxed(country, "consumer", **where).rate_pct == (rate and Decimal(rate))


@pytest.mark.parametrize("country", ["ZZ", "", "UK", "EL", "fr-FR"])
def test_an_unknown_country_is_an_error(country):
    with pytest.raises(UnknownTerritory):
        taxed(country)


@pytest.mark.parametrize(
    "where",
    [{"subdivision": "974", "postcode": "44000"}, {"subdivision": "971", "postcode": "97600"}],
)
def test_an_address_that_contradicts_itself_is_an_error(where):
    with pytest.raises(UnknownTerritory):
        taxed("FR", **where)


def test_what_the_tables_do_not_settle_is_an_error():
    with pytest.raises(UnknownTerritory, match="Northern Ireland"):
        taxed("GB", nature="goods", postcode="BT1 5GS")
    with pytest.raises(UnknownTerritory):
        taxed("FR", seller=Party(country="BE"))
    with pytest.raises(UnknownRate):
        taxed("DE", "consumer", on=date(2021, 6, 30))
    with pytest.raises(UnknownRate):
        taxed("DE", "consumer", tax_key="books")


def test_books_and_exempt_training_in_france():
    assert said(taxed("FR", nature="goods", tax_key="books")) == (Decimal("5.5"), "S", "")
    assert said(taxed("FR", tax_key="training")) == (Decimal(0), "E", "VATEX-FR-CGI261-4")
    assert taxed("FR", tax_key="books", subdivision="973").category == "O"


COUNTRIES = st.sampled_from(sorted({row.country for row in tax_table().rates} | tax_table().third_countries))


@given(
    country=COUNTRIES,
    kind=st.sampled_from(["professional", "consumer", "public_body"]),
    nature=st.sampled_from(["services", "goods"]),
)
def test_rate_category_and_reason_always_agree(country, kind, nature):
    found = taxed(country, kind, nature)
    assert found.category in {"S", "E", "AE", "K", "G", "O"}
    assert (found.rate_pct is None) == (found.category == "O")
    assert (found.category == "S") == bool(found.rate_pct)
    assert bool(found.reason_code) == bool(found.mention_key) == (found.category != "S")
    assert found.category not in {"AE", "K"} or kind in BUSINESS


def test_every_country_is_in_one_list_only():
    table = tax_table()
    home = {"FR", "MC"}
    lists = [table.union, table.third_countries, frozenset(table.territories), home]
    assert sum(len(each) for each in lists) == len(frozenset().union(*lists)) == 249
    assert table.union <= {row.country for row in table.rates}


def test_fees_go_with_what_is_sold():
    twenty = taxed("FR")
    books = taxed("FR", nature="goods", tax_key="books")
    assert principal([(5000, books), (4000, twenty), (2000, twenty)]) == twenty
    with pytest.raises(ValueError, match="no line"):
        principal([])


def test_what_is_outside_the_scope_stands_alone():
    services = taxed("CH")
    goods = taxed("CH", nature="goods")
    with pytest.raises(MixedTreatments):
        principal([(100, services), (100, goods)])
    check_together(["S", "AE", "G"])
    check_together(["O", "O"])
