"""A visitor asks for a quote; finance finds it among what needs doing, completes it and sends it."""

import pytest

from billing.models import Contact, Product, QuoteRequest, QuoteVersion
from demo.factories.billing import ContactFactory, CustomerFactory, catalogue
from isolation.context import inside_operator
from tenants.models import Customer
from tests.billing.support import clerk, rows_of, url

pytestmark = pytest.mark.django_db
TYPED = {
    "offer": "school",
    "adults": "8",
    "children": "210",
    "method": "cheque",
    "organisation": "École Anatole",
    "customer_type": "professional",
    "siret": "",
    "street": "2 rue du Port",
    "postcode": "35400",
    "city": "Saint-Briac",
    "first_name": "Ève",
    "last_name": "Lanoë",
    "job_title": "directrice",
    "email": "eve@anatole.example",
    "phone": "",
    "message": "Pour la rentrée.",
    "website": "",
    "terms": "on",
}


@pytest.fixture
def visitor(browse):
    """A visitor of the public site, with a catalogue to choose from."""
    with inside_operator():
        catalogue()
    return browse(None)


def test_a_request_becomes_a_draft_that_needs_doing(visitor, browse, now):
    assert 'value="school" selected' in visitor.get("/quote/?offer=school").content.decode()
    answer = visitor.post("/quote/", TYPED, follow=True)
    assert "demande" in answer.content.decode()
    asked = rows_of(QuoteRequest.objects.select_related("version__quote__customer"))[0]
    version = asked.version
    assert (version.state, asked.users, version.method) == ("draft", 218, "cheque")
    with inside_operator():
        assert [line.quantity for line in version.lines.filter(kind="product")] == [218]
        assert version.sites.get().slug == "ecole-anatole"
        assert Contact.objects.get(email="eve@anatole.example").job_title == "directrice"
    maud = clerk(browse, now)
    assert "École Anatole" in maud.get(url("todo")).content.decode()
    assert version.label in maud.get(url("quotes") + "?state=asked").content.decode()
    page = maud.get(url("quote", version.pk)).content.decode()
    assert "Pour la rentrée." in page
    maud.post(url("quote_withdraw", version.pk))
    assert version.label not in maud.get(url("quotes") + "?state=asked").content.decode()


def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(visitor):
    for wrong in (
        {"terms": ""},
        {"adults": "0", "children": "0"},
        {"siret": "123"},
        {"email": "x"},
        {"offer": "family"},
        {"organisation": ""},
    ):
        fields = {
            name: value for name, value in (TYPED | wrong).items() if not (name == "terms" and not value)
        }
        answer = visitor.post("/quote/", fields)
        assert answer.status_code == 422, wrong
        assert "Saint-Briac" in answer.content.decode()
    assert not rows_of(QuoteRequest.objects)


def test_typing_a_known_number_never_lets_a_stranger_in(visitor, browse, now):
    with inside_operator():
        known = CustomerFactory(siren="213599905")
    visitor.post("/quote/", TYPED | {"siret": "213599905"})
    stranger = rows_of(Contact.objects.filter(email="eve@anatole.example"))[0]
    assert stranger.customer_id != known.pk
    version = rows_of(QuoteVersion.objects)[0]
    assert "a le même SIREN" in clerk(browse, now).get(url("quote", version.pk)).content.decode()


def test_somebody_we_know_asks_for_their_own_customer(visitor):
    with inside_operator():
        contact = ContactFactory(email="Eve@anatole.example")
        customers = Customer.objects.count()
    visitor.post("/quote/", TYPED)
    assert rows_of(QuoteVersion.objects.select_related("quote"))[0].quote.customer_id == contact.customer_id
    assert len(rows_of(Customer.objects)) == customers


def test_a_machine_and_a_flood_leave_nothing(visitor):
    assert visitor.post("/quote/", TYPED | {"website": "https://spam.example"}).status_code == 302
    assert not rows_of(QuoteRequest.objects)
    answers = [visitor.post("/quote/", TYPED).status_code for _ in range(5)]
    assert answers == [302, 302, 302, 422, 422]
    assert len(rows_of(QuoteRequest.objects)) == 3


def test_an_offer_without_a_price_is_asked_for_in_words(visitor):
    assert visitor.post("/quote/", TYPED | {"offer": "residents", "method": "transfer"}).status_code == 302
    with inside_operator():
        line = QuoteVersion.objects.get().lines.get(kind="product")
    assert (line.product_id, line.unit_net_cents, line.quantity) == (None, 0, 218)


def test_an_offer_that_is_sold_no_more_is_not_asked_for(visitor):
    assert '<option value="nursery"' in visitor.get("/quote/").content.decode()
    with inside_operator():
        Product.objects.filter(profile="nursery").update(is_sold=False)
    page = visitor.get("/quote/").content.decode()
    assert '<option value="nursery"' not in page
    assert '<option value="school"' in page
    assert visitor.post("/quote/", TYPED | {"offer": "nursery"}).status_code == 422
