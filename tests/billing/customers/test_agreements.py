"""What a customer reads of their contracts.

The versions accepted, the agreement on data first, nobody else's.
"""

from datetime import date
from uuid import uuid4

import pytest

from billing.models import Order
from billing.quotes.queries.agreements import agreements
from contracts.models import TermsVersion
from demo.factories.billing import ContactFactory, CustomerFactory, order_signed
from isolation.context import inside_operator
from tests.billing.support import buyer, url

pytestmark = pytest.mark.django_db
OLD = date(2025, 9, 1)
NEW = date(2026, 10, 1)


def terms(kind, version, on, language="fr"):
    return TermsVersion.objects.get_or_create(
        kind=kind,
        profile="school",
        language=language,
        version=version,
        defaults={"text": "Article 1", "published_on": on, "in_force_on": on},
    )[0]


@pytest.fixture
def signed(now):
    """An order signed under an old version of the terms of sale, newer ones being there since."""
    with inside_operator():
        TermsVersion.objects.filter(profile="school").delete()
        old = terms("sale", "1", OLD)
        terms("sale", "2", NEW)
        for kind in ("dpa", "use"):
            terms(kind, "1", OLD)
        return order_signed(now=now, terms=old.pk), old


def test_the_version_accepted_is_kept_and_the_agreement_on_data_comes_before_it(signed):
    order, old = signed
    with inside_operator():
        (found,) = agreements(order.customer)
    assert [paper.kind for paper in found.papers] == ["specific", "dpa", "sale", "use"]
    assert found.papers[2].terms == old
    assert found.papers[0].quote == order.version
    assert found.has_dpa


def test_a_consumer_has_no_agreement_on_data(now):
    with inside_operator():
        terms("dpa", "1", OLD)
        contact = ContactFactory(customer=CustomerFactory(customer_type="consumer", siret=""))
        order = order_signed(contact, now=now)
        (found,) = agreements(order.customer)
    assert "dpa" not in [paper.kind for paper in found.papers]
    assert not found.has_dpa


def test_the_buyer_reads_their_own_contracts_only(browse, signed, now):
    order, old = signed
    with inside_operator():
        other = order_signed(now=now)
        contact = order.contact
    page = buyer(browse, contact).get(url("portal_agreements")).content.decode()
    assert order.number in page
    assert other.number not in page
    assert f"/terms/{old.pk}" in page or str(old.pk) in page
    assert "l’accord de sous-traitance passe avant les conditions" in page
    with inside_operator():
        nobody = ContactFactory()
    assert "Aucun contrat" in buyer(browse, nobody).get(url("portal_agreements")).content.decode()


@pytest.mark.usefixtures("as_operator")
def test_many_orders_cost_no_more_statements(signed, now, django_assert_max_num_queries):
    order, _old = signed
    for _n in range(3):
        order_signed(order.contact, now=now)
    with django_assert_max_num_queries(8):
        assert len(agreements(order.customer)) == 4


def test_terms_accepted_without_a_quote_are_shown_too(signed):
    order, old = signed
    with inside_operator():
        other = Order.objects.get(pk=order.pk)
        other.pk = uuid4()
        other.version = None
        other.number = "C-9"
        other.terms_version = old.pk
        other._state.adding = True
        other.save()
        found = {each.order.number: each for each in agreements(order.customer)}["C-9"]
    assert [paper.terms for paper in found.papers if paper.kind == "sale"] == [old]
