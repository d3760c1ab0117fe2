"""LG-S24: for professionals the DPA prevails over the terms of sale wherever personal data is concerned."""

from datetime import date

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from classrooms.models import Student
from contracts.policy.precedence import DPA, SALE, SPECIFIC, USE, days_of_retention, in_order
from demo.factories.classrooms import StudentFactory
from isolation.context import inside
from tests.billing.support import url
from tests.clauses.processors import TENANT, head
from tests.clauses.stage import live, read, subscribed, visitor
from tests.clauses.test_lg_d5_retention import here

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


@pytest.mark.story(
    "LG-S24",
    "LG-D5",
    door="page",
    fr="Une école signe : sur son espace l’accord sur les données passe avant les conditions de vente. "
    "Celles-ci gardent deux ans ; la directrice fixe cent jours, puis en fixe cinquante de plus avant leur "
    "terme : l’élève parti disparaît au bout de cent cinquante.",
)
def test_what_the_controller_sets_goes_before_the_two_years_of_the_sale(
    browse, clock, now, settings, tmp_path
):
    """A school signs: in its area the agreement on data stands before the terms of sale. These keep two
    years; the head sets a hundred days, then fifty more before they are over: a pupil who left is gone after
    a hundred and fifty.
    """
    settings.ERASURE_LEDGER = tmp_path / "ledger.jsonl"
    bought = subscribed(now)
    place = bought.contract.tenant
    papers = read(visitor(browse, bought.contact).get(url("portal_agreements")))
    assert papers.index("Accord de sous-traitance des données") < papers.index("Conditions de vente")
    with inside(place):
        pupil = StudentFactory()
        Student.objects.update(created_at=now, left_on=now.date())
    page = reverse("dpa:retention_set", urlconf=TENANT)
    assert head(browse, place, now).post(page, {"identification": "100"}).status_code == 302
    live(clock, date(2027, 1, 4))
    assert head(browse, place, now).post(page, {"identification": "150"}).status_code == 302
    live(clock, date(2027, 4, 14))
    assert here(place) == {pupil.pk}
    live(clock, date(2027, 4, 15), date(2027, 4, 16))
    assert here(place) == set()
