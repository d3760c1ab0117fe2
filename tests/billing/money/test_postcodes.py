"""Postcodes: read in every way people write them, refused where they are no postcode of their country."""

import pytest

from billing.models import QuoteVersion
from billing.money.policy.postcodes import WrongPostcode, postcode_of
from isolation.context import inside_operator
from tenants.models import Customer
from tests.billing.support import clerk, url


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("FR", "97400", "97400"),
        ("FR", " 97 400 ", "97400"),
        ("FR", "F-97400", "97400"),
        ("FR", "FR 97400", "97400"),
        ("FR", "９７４００", "97400"),
        ("RE", "97400", "97400"),
        ("MC", "98000", "98000"),
        ("BE", "B-1000", "1000"),
        ("CH", "CH-1000", "1000"),
        ("DE", "D-10115", "10115"),
        ("PT", "9500 010", "9500-010"),
        ("PT", "9500", "9500"),
        ("GR", "105 57", "10557"),
        ("GB", "BT1 1AA", "BT1 1AA"),
        ("FR", "", ""),
    ],
)
def test_a_postcode_is_kept_as_its_country_writes_it(country, typed, kept):
    assert postcode_of(country, typed) == kept


@pytest.mark.parametrize(
    "typed", ["974", "9740", "09740 1", "1000", "CH-1000", "2A004", "९७४००", "97400 CEDEX"]
)
def test_what_is_no_french_postcode_is_refused(typed):
    with pytest.raises(WrongPostcode):
        postcode_of("FR", typed)


@pytest.mark.django_db
@pytest.mark.parametrize(("typed", "kept"), [("F-97400", "97400"), ("9740", None)])
def test_a_client_is_never_taxed_as_mainland_by_oversight(browse, now, typed, kept):
    sheet = {"name": "École du Port", "customer_type": "professional", "siren": "213599905"}
    sheet |= {"email": "a@b.example", "street": "1 rue Haute", "postcode": typed, "city": "Saint-Denis"}
    answer = clerk(browse, now).post(url("customer_new"), sheet | {"country": "FR", "language": "fr"})
    assert answer.status_code == (302 if kept else 422)
    with inside_operator():
        found = list(Customer.objects.filter(name="École du Port").values_list("postcode", flat=True))
        assert found == ([kept] if kept else [])
        assert not QuoteVersion.objects.exists()
